from dataclasses import replace

import pytest

from faults.fault import Seam
from observability.recording.records import SpanRecord
from observability.telemetry import semconv
from services.lab.runs.culprit import culprit_of
from services.lab.runs.receipts import Receipt, compare_twins, seams
from tests.services.lab.runs.fakes import answered, spans

FILTER = {"filter_dropped": Seam.FILTER}


def receipt(faulty, twin, planned=FILTER, hit_before=False) -> Receipt:
    (found,) = compare_twins(planned, faulty, twin, hit_before).receipts.values()
    return found


def test_a_request_that_the_plan_left_alone_was_not_selected() -> None:
    assert receipt(answered(), None) == Receipt.NOT_SELECTED


def test_a_request_that_never_used_the_part_was_not_exposed() -> None:
    plain = spans(filtered=False)
    assert receipt(answered(faults=("filter_dropped",), spans=plain), answered(spans=plain)) == (
        Receipt.NOT_EXPOSED
    )


def test_a_part_that_was_used_and_changed_nothing_was_applied() -> None:
    used = spans()
    assert receipt(answered(faults=("filter_dropped",), spans=used), answered(spans=used)) == (
        Receipt.APPLIED
    )


def test_other_spans_and_the_same_answer_are_witnessed() -> None:
    faulty = answered(faults=("filter_dropped",), spans=spans(filtered=False, rows=50))
    assert receipt(faulty, answered(spans=spans())) == Receipt.WITNESSED


def test_another_answer_is_impacted() -> None:
    faulty = answered(answer="9", faults=("filter_dropped",), spans=spans(filtered=False))
    assert receipt(faulty, answered(spans=spans())) == Receipt.IMPACTED


def test_a_failure_in_place_of_an_answer_is_impacted() -> None:
    faulty = answered(faults=("filter_dropped",), spans=spans(), status=503)
    assert receipt(faulty, answered(spans=spans())) == Receipt.IMPACTED


def test_what_an_earlier_request_of_the_session_left_is_inherited() -> None:
    later = answered(answer="9", spans=spans(rows=7))
    assert receipt(later, answered(spans=spans()), hit_before=True) == Receipt.INHERITED
    same = answered(spans=spans())
    assert receipt(same, answered(spans=spans()), hit_before=True) == Receipt.NOT_SELECTED


def test_of_two_faults_the_one_whose_part_was_not_used_changed_nothing() -> None:
    faulty = answered(
        answer="9", faults=("filter_dropped", "misroute"), spans=spans(filtered=False)
    )
    verdict = compare_twins(
        seams(("filter_dropped", "misroute")), faulty, answered(spans=spans()), False
    )
    assert verdict.receipts == {
        "filter_dropped": Receipt.IMPACTED,
        "misroute": Receipt.NOT_EXPOSED,
    }


def test_a_difference_that_no_span_explains_counts_for_what_was_in_place() -> None:
    faulty = answered(answer="9", faults=("misroute",))
    assert receipt(faulty, answered(), {"misroute": Seam.ROUTES}) == Receipt.IMPACTED


def test_where_other_things_are_asked_nothing_was_done_to_the_application() -> None:
    planned = seams(("traffic_shift",))
    other = answered(number=2, answer="9", faults=("traffic_shift",))
    assert receipt(other, None, planned) == Receipt.APPLIED
    assert receipt(other, answered(number=1), planned) == Receipt.APPLIED


def test_of_other_questions_and_a_fault_the_fault_alone_changes_answers() -> None:
    faults = ("filter_dropped", "traffic_shift")
    faulty = answered(answer="9", faults=faults, spans=spans(filtered=False))
    verdict = compare_twins(seams(faults), faulty, answered(spans=spans()), False)
    assert verdict.receipts == {
        "filter_dropped": Receipt.IMPACTED,
        "traffic_shift": Receipt.APPLIED,
    }


def test_the_culprit_is_the_first_span_that_differs() -> None:
    faulty = answered(faults=("filter_dropped",), spans=spans(filtered=False, rows=5))
    verdict = compare_twins(FILTER, faulty, answered(spans=spans()), False)
    culprit = culprit_of(verdict.divergence)
    assert culprit is not None
    assert (culprit.name, culprit.layer, culprit.seam) == (
        "stillgreen.filter",
        "retrieval",
        "filter",
    )
    assert culprit.span_id == "3" * 16


@pytest.mark.parametrize(
    ("name", "attribute", "seam"),
    [
        ("invoke_agent finance", semconv.HANDOFF_ENTITIES, "handoff"),
        ("stillgreen.escalation", semconv.REVIEW_REASON, "escalation"),
        ("plan supervisor", semconv.ROUTE_AGENTS, "routes"),
    ],
)
def test_a_culprit_among_the_agents_is_told_by_what_differs(
    name: str, attribute: str, seam: str
) -> None:
    *_, root = spans()
    ours, theirs = (
        replace(root, span_id="4" * 16, parent_id=root.span_id, name=name, attributes=attributes)
        for attributes in ({attribute: 1}, {attribute: 2})
    )
    verdict = compare_twins(
        {"misroute": Seam.ROUTES},
        answered(faults=("misroute",), spans=(ours, root)),
        answered(spans=(theirs, root)),
        False,
    )
    culprit = culprit_of(verdict.divergence)
    assert culprit is not None
    assert (culprit.name, culprit.layer, culprit.seam) == (name, "routing and agents", seam)


def test_without_a_difference_there_is_no_culprit() -> None:
    assert culprit_of(None) is None


@pytest.mark.parametrize("control", ["placebo", "no_fault"])
def test_a_control_is_in_place_everywhere(control: str) -> None:
    faulty = answered(faults=(control,), spans=spans())
    assert receipt(faulty, answered(spans=spans()), seams((control,))) == Receipt.APPLIED


def remembering(turns: int, used: bool) -> tuple[SpanRecord, ...]:
    *others, root = spans()
    attributes = {semconv.MEMORY_TURNS: turns, semconv.MEMORY_USED: used}
    memory = replace(
        root, span_id="4" * 16, parent_id="1" * 16, name=semconv.SPAN_MEMORY, attributes=attributes
    )
    return (*others, memory, root)


@pytest.mark.parametrize(
    ("used", "answer", "expected"),
    [
        (False, "0", Receipt.NOT_EXPOSED),
        (True, "0", Receipt.WITNESSED),
        (True, "9", Receipt.IMPACTED),
        (False, "9", Receipt.IMPACTED),
    ],
)
def test_a_memory_that_was_read_and_not_made_use_of_was_not_exposed(
    used: bool, answer: str, expected: Receipt
) -> None:
    faulty = answered(answer=answer, faults=("memory_bleed",), spans=remembering(6, used))
    twin = answered(spans=remembering(1, used))
    assert receipt(faulty, twin, {"memory_bleed": Seam.MEMORY}) == expected
