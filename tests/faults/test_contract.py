"""What every fault of the catalogue has to keep, whoever adds it."""

import pytest

from faults.contradictions import excluded
from faults.fault import Kind, Layer, Severity
from faults.registry import Entry, catalogue
from services.lab.measures import MEASURES

ENTRIES = list(catalogue())


@pytest.fixture(params=ENTRIES, ids=lambda entry: entry.fault.id)
def entry(request: pytest.FixtureRequest) -> Entry:
    found: Entry = request.param
    return found


def test_severity_zero_gives_back_the_very_same_part(entry: Entry) -> None:
    part = object()
    assert entry.fault.degrade(part, Severity(0.0)) is part


def test_a_fault_says_what_it_does_and_what_shows_it(entry: Entry) -> None:
    for heading in ("Mechanism:", "Taxonomy:", "A trace shows:", "Cannot show it:"):
        assert f"\n{heading}" in entry.description
    assert entry.fault.summary
    assert not entry.fault.summary.endswith(".")


def test_whoever_meets_a_fault_is_told_how_to_find_and_end_it(entry: Entry) -> None:
    if entry.fault.kind is Kind.CONTROL:
        return
    assert entry.fault.find.endswith(".")
    assert entry.fault.fix.endswith(".")


def test_a_fault_lies_in_a_layer_and_a_control_may_lie_in_none(entry: Entry) -> None:
    if entry.fault.kind is not Kind.CONTROL:
        assert entry.fault.layer is not Layer.NONE


def test_a_fault_claims_something_that_is_measured(entry: Entry) -> None:
    assert entry.fault.claim.measure in {measure.key for measure in MEASURES}


def test_a_silent_fault_says_what_cannot_show_it(entry: Entry) -> None:
    if entry.fault.kind is Kind.SILENT:
        assert entry.fault.shows_in
        assert entry.fault.blind


def test_what_a_fault_excludes_are_other_faults_and_it_has_them_excluded_too(entry: Entry) -> None:
    assert set(entry.fault.excludes) <= set(catalogue().entries) - {entry.fault.id}
    for other in entry.fault.excludes:
        assert entry.fault.id in excluded()[other]
