import pytest

from corpus.ports import Document
from faults.apply import degrade_part
from faults.contradictions import check_plan, excluded, hides
from faults.errors import Contradiction, UnknownFault
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan, PlannedFault, parse_plan
from faults.registry import Catalogue, Entry
from tests.faults.fakes import LineChunker
from tests.faults.test_registry import fault


def planned(fault_id: str, begins: int | None = None, ends: int | None = None) -> PlannedFault:
    return PlannedFault(ActiveFault(fault_id), begins_ns=begins, ends_ns=ends)


def test_both_faults_the_reason_and_the_remedy_are_told() -> None:
    with pytest.raises(Contradiction) as caught:
        check_plan(parse_plan(["boundary_blind", "misroute", "chunks_tiny=0.5"]))
    assert str(caught.value) == (
        "boundary_blind and chunks_tiny contradict each other: wherever chunks_tiny has its way, "
        "nothing is left of boundary_blind; make them faults of runs of their own, "
        "or of times that do not overlap"
    )


@pytest.mark.parametrize(
    ("first", "second"),
    [((None, 10), (10, None)), ((20, 30), (10, 20)), ((None, 5), (6, None))],
)
def test_faults_that_follow_one_another_may_contradict_each_other(first, second) -> None:
    check_plan(FaultPlan((planned("rerank_inverted", *first), planned("rerank_skipped", *second))))


@pytest.mark.parametrize(
    ("first", "second"),
    [((None, None), (5, 6)), ((0, 11), (10, 20)), ((10, None), (None, 11))],
)
def test_faults_whose_times_overlap_may_not(first, second) -> None:
    with pytest.raises(Contradiction, match="rerank_skipped"):
        check_plan(
            FaultPlan((planned("rerank_inverted", *first), planned("rerank_skipped", *second)))
        )


@pytest.mark.parametrize(
    "idle",
    [
        PlannedFault(ActiveFault("chunks_tiny", 0.0)),
        PlannedFault(ActiveFault("chunks_tiny"), share=0.0),
    ],
)
def test_a_fault_that_is_never_in_place_contradicts_nothing(idle: PlannedFault) -> None:
    check_plan(FaultPlan((idle, planned("boundary_blind"))))


def test_a_fault_that_does_not_exist_is_refused() -> None:
    with pytest.raises(UnknownFault, match="misroute"):
        check_plan(FaultPlan((planned("misrout"),)))


def test_it_is_enough_that_one_of_the_two_says_so() -> None:
    new = fault("new", excludes=("old",))
    known = Catalogue({each.id: Entry(each, "…") for each in (fault("old"), new)})
    assert hides("old", "new", known) == hides("new", "old", known) == ("new", "old")
    assert excluded(known) == {"old": {"new"}, "new": {"old"}}


def test_faults_of_one_part_that_both_leave_something_are_allowed() -> None:
    check_plan(parse_plan(["chunks_tiny", "heading_context_lost", "rerank_inverted", "placebo"]))
    check_plan(parse_plan(["context_polluted", "context_truncated", "best_passage_buried"]))


def test_where_the_outer_one_cuts_anew_nothing_is_left_of_the_inner_one() -> None:
    document = Document("D", "A title", "some words\n" * 40, {})
    for hidden, hiding in (
        ("boundary_blind", "chunks_oversized"),
        ("boundary_blind", "chunks_tiny"),
        ("chunks_oversized", "chunks_tiny"),
    ):
        both = tuple(sorted((ActiveFault(hidden), ActiveFault(hiding))))
        alone = degrade_part(Seam.CHUNKER, LineChunker(), both[1:])
        together = degrade_part(Seam.CHUNKER, LineChunker(), both)
        assert together.chunk(document) == alone.chunk(document)
        assert hides(hidden, hiding) == (hiding, hidden)
