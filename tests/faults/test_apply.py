import pytest

from faults.apply import apply, degrade_part, relevant
from faults.errors import WrongPart
from faults.fault import Seam, Severity
from faults.plan import ActiveFault
from faults.registry import catalogue
from tests.faults.fakes import BySimilarity, VendorFilter, parts


def test_only_the_part_that_the_seam_names_is_swapped() -> None:
    healthy = parts()
    degraded = apply(healthy, [ActiveFault("filter_dropped")])
    assert degraded.filter is not healthy.filter
    assert degraded.reranker is healthy.reranker
    assert degraded.chunker is healthy.chunker


@pytest.mark.parametrize("entry", list(catalogue()), ids=lambda entry: entry.fault.id)
def test_severity_0_hands_back_the_very_same_parts(entry) -> None:
    healthy = parts()
    assert apply(healthy, [ActiveFault(entry.fault.id, 0.0)]) is healthy
    assert entry.fault.degrade(healthy.filter, Severity(0.0)) is healthy.filter


def test_no_fault_hands_back_the_very_same_parts() -> None:
    healthy = parts()
    assert apply(healthy, [ActiveFault("no_fault")]) is healthy


def test_placebo_wraps_every_part_and_no_other_field() -> None:
    healthy = parts()
    wrapped = apply(healthy, [ActiveFault("placebo")])
    for name in ("chunker", "filter", "reranker", "prompts", "routes"):
        assert getattr(wrapped, name) is not getattr(healthy, name)
    assert wrapped.clock is healthy.clock


def test_two_faults_of_different_seams_are_both_put_on() -> None:
    healthy = parts()
    degraded = apply(healthy, [ActiveFault("filter_dropped"), ActiveFault("rerank_inverted")])
    assert degraded.filter is not healthy.filter
    assert degraded.reranker is not healthy.reranker


def test_a_part_that_lacks_its_protocol_is_refused_by_name() -> None:
    with pytest.raises(WrongPart, match="filter_dropped degrades a filter, but BySimilarity"):
        degrade_part(Seam.FILTER, BySimilarity(), [ActiveFault("filter_dropped")])


def test_a_fault_of_another_seam_leaves_a_part_alone() -> None:
    healthy = VendorFilter()
    assert degrade_part(Seam.FILTER, healthy, [ActiveFault("rerank_inverted")]) is healthy


def test_parts_that_are_no_dataclass_are_refused() -> None:
    with pytest.raises(TypeError, match="dataclass"):
        apply({"filter": VendorFilter()}, [ActiveFault("filter_dropped")])


def test_a_service_sees_only_the_faults_of_its_own_seams() -> None:
    active = [ActiveFault("misroute"), ActiveFault("filter_dropped"), ActiveFault("placebo")]
    assert relevant([Seam.FILTER, Seam.RERANKER], active) == (
        ActiveFault("filter_dropped"),
        ActiveFault("placebo"),
    )
