from itertools import islice

import pytest

from corpus.luck import Luck
from faults.errors import BadSeverity, PlanError, UnknownFault
from faults.plan import HEALTHY, ActiveFault, FaultPlan, PlannedFault, parse_fault, parse_plan


def test_a_fault_without_a_severity_is_at_full_strength() -> None:
    assert parse_fault("misroute") == ActiveFault("misroute", 1.0)


def test_a_severity_is_read_after_the_equals_sign() -> None:
    assert parse_fault(" misroute = 0.25 ") == ActiveFault("misroute", 0.25)


@pytest.mark.parametrize("text", ["misroute=1.1", "misroute=-0.1", "misroute=nan", "misroute=inf"])
def test_a_severity_outside_0_to_1_is_refused(text: str) -> None:
    with pytest.raises(BadSeverity, match="outside 0 to 1"):
        parse_fault(text)


@pytest.mark.parametrize("text", ["misroute=", "misroute=much"])
def test_a_severity_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(BadSeverity, match="not a number"):
        parse_fault(text)


def test_an_unknown_fault_is_refused_whatever_its_severity() -> None:
    with pytest.raises(UnknownFault, match="rerank_inverted"):
        parse_fault("rerank_invert=7")


def test_the_same_fault_twice_is_refused() -> None:
    with pytest.raises(PlanError, match="more than once"):
        parse_plan(["misroute", "misroute=0.5"])


def test_the_active_faults_do_not_depend_on_the_order_of_the_plan() -> None:
    one = parse_plan(["misroute", "chunks_tiny=0.5"]).active(Luck(1))
    other = parse_plan(["chunks_tiny=0.5", "misroute"]).active(Luck(1))
    assert one == other == (ActiveFault("chunks_tiny", 0.5), ActiveFault("misroute", 1.0))


def test_a_severity_of_0_is_the_healthy_application() -> None:
    assert parse_plan(["misroute=0"]).active(Luck(1)) == HEALTHY.active(Luck(1)) == ()


def test_a_share_hits_about_that_share_of_requests_and_always_the_same_ones() -> None:
    plan = FaultPlan((PlannedFault(ActiveFault("misroute"), share=0.3),))
    hit = [bool(plan.active(Luck(seed))) for seed in range(2000)]
    assert 0.25 < sum(hit) / 2000 < 0.35
    assert hit == [bool(plan.active(Luck(seed))) for seed in range(2000)]


def test_a_window_holds_its_begin_and_not_its_end() -> None:
    plan = FaultPlan((PlannedFault(ActiveFault("misroute"), begins_ns=10, ends_ns=20),))
    assert [bool(plan.active(Luck(1), now)) for now in (9, 10, 19, 20)] == [
        False,
        True,
        True,
        False,
    ]


def test_a_window_that_ends_before_it_begins_is_refused() -> None:
    with pytest.raises(PlanError, match="ends before"):
        PlannedFault(ActiveFault("misroute"), begins_ns=20, ends_ns=20)


def test_a_share_outside_0_to_1_is_refused() -> None:
    with pytest.raises(PlanError, match="share"):
        PlannedFault(ActiveFault("misroute"), share=1.5)


def ramped(severity: float = 1.0) -> PlannedFault:
    return PlannedFault(ActiveFault("misroute", severity), begins_ns=1000, ramp_ns=500)


@pytest.mark.parametrize(
    ("at", "severity"), [(1000, 0.2), (1099, 0.2), (1100, 0.4), (1499, 1.0), (9999, 1.0)]
)
def test_a_ramp_rises_in_five_steps(at: int, severity: float) -> None:
    assert FaultPlan((ramped(),)).active(Luck(1), at) == (ActiveFault("misroute", severity),)


def test_nothing_is_active_before_a_ramp_begins() -> None:
    assert FaultPlan((ramped(),)).active(Luck(1), 999) == ()


def test_a_ramp_ends_at_the_fault_s_own_severity() -> None:
    strengths = [fault.severity for active in FaultPlan((ramped(0.5),)).sets() for fault in active]
    assert strengths == [0.1, 0.2, 0.3, 0.4, 0.5]


def test_a_ramp_without_a_beginning_is_refused() -> None:
    with pytest.raises(PlanError, match="a ramp needs a beginning"):
        PlannedFault(ActiveFault("misroute"), ramp_ns=5)


def test_every_set_that_a_request_may_run_under_is_named() -> None:
    plan = FaultPlan((ramped(), PlannedFault(ActiveFault("chunks_tiny"), share=0.5)))
    sets = tuple(plan.sets())
    assert sets[0] == ()
    assert len(sets) == len(set(sets)) == 12
    assert plan.active(Luck(3), 1100) in sets


def test_faults_that_are_never_in_place_at_once_are_in_no_set_together() -> None:
    week = tuple(
        PlannedFault(ActiveFault(f"fault_{hour}"), begins_ns=hour, ends_ns=hour + 1)
        for hour in range(48)
    )
    assert [len(active) for active in FaultPlan(week).sets()] == [0] + 48 * [1]


def test_where_two_faults_overlap_there_is_a_set_of_both() -> None:
    early = PlannedFault(ActiveFault("chunks_tiny"), begins_ns=100, ends_ns=300)
    late = PlannedFault(ActiveFault("misroute"), begins_ns=200)
    names = [tuple(f.id for f in active) for active in FaultPlan((late, early)).sets()]
    assert names == [(), ("chunks_tiny",), ("chunks_tiny", "misroute"), ("misroute",)]


@pytest.mark.parametrize("ramp_ns", [3, 5, 7, 499])
def test_every_strength_of_a_ramp_of_any_length_is_in_a_set(ramp_ns: int) -> None:
    rising = PlannedFault(ActiveFault("misroute"), begins_ns=10, ends_ns=400, ramp_ns=ramp_ns)
    plan = FaultPlan((rising, PlannedFault(ActiveFault("placebo"), 0.5, ends_ns=200)))
    ran = {plan.active(Luck(seed), now) for seed in range(9) for now in range(450)}
    assert set(plan.sets()) == ran


def test_the_first_sets_of_many_faults_for_a_share_of_the_requests_come_at_once() -> None:
    plan = FaultPlan(tuple(PlannedFault(ActiveFault(f"fault_{n}"), 0.5) for n in range(60)))
    assert len(tuple(islice(plan.sets(), 65))) == 65
