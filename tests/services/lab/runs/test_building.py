from faults.contradictions import excluded
from faults.plan import ActiveFault, FaultPlan, PlannedFault
from services.lab.runs.building import needing
from services.lab.runs.scenario import Arm, FaultUse, Scenario
from services.lab.runs.worker import to_prepare


def test_what_is_built_for_a_plan_are_the_indexes_that_its_requests_are_answered_from() -> None:
    faults = (
        ActiveFault("chunks_tiny", 0.5),
        ActiveFault("ocr_noise", documents=0.4, vendors=0.3),
    )
    plan = FaultPlan(tuple(PlannedFault(fault, begins_ns=10**18) for fault in faults))

    arms = [arm.everything() for arm in needing(plan).plans().values()]
    assert arms == [(), plan.everything()] == [(), faults]


def test_two_faults_for_a_share_of_the_requests_need_an_index_each_and_one_for_both() -> None:
    one, other = ActiveFault("chunks_tiny"), ActiveFault("ocr_noise")
    plan = FaultPlan((PlannedFault(one, 0.5), PlannedFault(other, 0.5)))
    arms = {arm.everything() for arm in needing(plan).plans().values()}
    assert arms == {(), (one,), (other,), (one, other)}


def test_of_a_scenario_with_countless_sets_of_faults_some_are_prepared_and_the_rest_later() -> None:
    uses = [FaultUse(id=fault_id, share=0.5) for fault_id in excluded()]
    plans = list(to_prepare(Scenario(arms={"a": Arm(faults=tuple(uses))})))
    assert plans[0].everything() == ()
    assert 50 < len(plans) < 100
