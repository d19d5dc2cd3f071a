"""What is published of the catalogue is what the catalogue says and what was measured."""

import json

import pytest

from faults.registry import Entry, catalogue
from services.lab.validation.cells import BadCells
from services.lab.validation.experiment import Experiment
from services.lab.validation.judging import judge_fault
from services.lab.validation.pages import index_page, taxonomies_page
from services.lab.validation.report import as_json, read_report
from tests.project import ROOT
from tests.services.lab.validation.fakes import cells, fault

PUBLISHED = ROOT / "docs" / "faults"
EXPERIMENT, JUDGED = read_report(json.loads((PUBLISHED / "results.json").read_text()))
AGAIN = "write the pages again with `stillgreen faults validate --docs docs/faults`"


# A fault that is new has no page before somebody has measured it.
MEASURED = [judged.fault for judged in JUDGED]


def test_what_was_measured_is_of_the_catalogue_and_has_a_page() -> None:
    assert [each for each in catalogue().entries if each in MEASURED] == MEASURED, AGAIN
    pages = {page.stem for page in PUBLISHED.glob("*.md")} - {"README", "taxonomies"}
    assert pages == set(MEASURED), AGAIN


@pytest.mark.parametrize(
    "entry",
    [entry for entry in catalogue() if entry.fault.id in MEASURED],
    ids=lambda entry: entry.fault.id,
)
def test_a_page_says_what_the_catalogue_says(entry: Entry) -> None:
    said, page = entry.fault, (PUBLISHED / f"{entry.fault.id}.md").read_text()
    for text in (entry.description, said.find, said.fix, f"| kind | {said.kind.value} |"):
        assert text in page, AGAIN
    for row in (
        f"| layer | {said.layer.value} |",
        f"| part | {said.seam.value} |",
        f"| taxonomies | {', '.join(said.taxonomy) or 'none'} |",
    ):
        assert row in page, AGAIN


def test_the_index_is_what_would_be_written_now() -> None:
    assert (PUBLISHED / "README.md").read_text() == index_page(EXPERIMENT, JUDGED), AGAIN


@pytest.mark.skipif(
    list(catalogue().entries) != MEASURED, reason="a fault of the catalogue is not measured yet"
)
def test_the_taxonomies_are_what_would_be_written_now() -> None:
    assert (PUBLISHED / "taxonomies.md").read_text() == taxonomies_page(), AGAIN


def test_a_report_reads_back_as_what_was_judged() -> None:
    judged = judge_fault(fault(), cells((0.9, 0.5)))
    report = json.loads(json.dumps(as_json(Experiment(), [judged])))
    assert as_json(*read_report(report)) == as_json(Experiment(), [judged])


def test_what_is_no_report_is_refused() -> None:
    with pytest.raises(BadCells):
        read_report({"faults": []})
