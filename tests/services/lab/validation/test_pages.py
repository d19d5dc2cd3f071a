import json
from pathlib import Path

import pytest

from services.lab.validation.cells import BadCells, load, save
from services.lab.validation.experiment import Experiment
from services.lab.validation.judging import judge_fault
from services.lab.validation.pages import taxonomies_page, write_pages
from tests.services.lab.validation.fakes import cells, fault

RESULTS = cells((0.9, 0.7, 0.5))


def test_results_are_read_as_they_were_written(tmp_path: Path) -> None:
    save(RESULTS, tmp_path / "filter_dropped.json")
    again = load(tmp_path / "filter_dropped.json")
    assert again.highest.example == RESULTS.highest.example
    assert judge_fault(fault(), again).claimed == judge_fault(fault(), RESULTS).claimed


def test_a_damaged_file_of_results_is_named(tmp_path: Path) -> None:
    (tmp_path / "x.json").write_text('{"fault": "x"')
    with pytest.raises(BadCells, match=r"x\.json"):
        load(tmp_path / "x.json")


def test_a_page_has_mechanism_numbers_and_the_twins(tmp_path: Path) -> None:
    write_pages(tmp_path, Experiment(), [(RESULTS, judge_fault(fault(), RESULTS))])
    page = (tmp_path / "filter_dropped.md").read_text()
    for text in ("Mechanism:", "50.0%", "2026-06-04 [D1]", "three \\| vendors"):
        assert text in page
    assert "| same |" not in page


def test_plots_and_numbers_stand_beside_the_pages(tmp_path: Path) -> None:
    write_pages(tmp_path, Experiment(), [(RESULTS, judge_fault(fault(), RESULTS))])
    assert "<polyline" in (tmp_path / "plots" / "filter_dropped.svg").read_text()
    assert "filter_dropped" in (tmp_path / "plots" / "matrix.svg").read_text()
    numbers = json.loads((tmp_path / "results.json").read_text())
    assert numbers["faults"][0]["claimed"]["value"] == 0.5
    assert "[filter_dropped](filter_dropped.md)" in (tmp_path / "README.md").read_text()


def test_the_taxonomies_stand_with_the_faults_that_realise_them() -> None:
    page = taxonomies_page()
    assert "| E6 | Semantic drift | [filter_dropped](filter_dropped.md)" in page
    assert "none: No agent writes or runs code." in page
