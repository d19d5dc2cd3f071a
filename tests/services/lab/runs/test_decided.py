from corpus.luck import Luck
from faults.plan import ActiveFault, FaultPlan, PlannedFault
from services.lab.runs.decided import DecidedPlan

PLAN = FaultPlan((PlannedFault(ActiveFault("misroute"), begins_ns=100),))


def test_a_request_that_was_due_before_the_onset_stays_healthy_to_its_end() -> None:
    plan = DecidedPlan()
    plan.begin(PLAN)
    assert plan.decide(Luck(1), 99) == ()
    assert plan.active(Luck(1), 5_000) == ()


def test_a_request_that_was_due_after_the_onset_runs_under_the_fault() -> None:
    plan = DecidedPlan()
    plan.begin(PLAN)
    assert plan.decide(Luck(2), 100) == (ActiveFault("misroute"),)
    assert plan.active(Luck(2), 5_000) == (ActiveFault("misroute"),)


def test_another_plan_forgets_what_the_last_one_decided() -> None:
    plan = DecidedPlan()
    plan.begin(PLAN)
    plan.decide(Luck(2), 100)
    plan.begin(FaultPlan())
    assert plan.active(Luck(2), 5_000) == ()
