from faults.plan import ActiveFault, FaultPlan, PlannedFault
from services.lab.runs.building import needing


def test_what_is_built_for_a_plan_are_the_indexes_that_its_requests_are_answered_from() -> None:
    faults = (
        ActiveFault("chunks_tiny", 0.5),
        ActiveFault("ocr_noise", documents=0.4, vendors=0.3),
    )
    plan = FaultPlan(tuple(PlannedFault(fault, begins_ns=10**18) for fault in faults))

    assert needing(plan).plans()["plan"].everything() == plan.everything() == faults
