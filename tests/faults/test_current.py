from corpus.luck import Luck
from faults.current import Assemblies, CurrentPlan
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan, PlannedFault, parse_plan


class Builder:
    def __init__(self) -> None:
        self.calls: list[tuple[ActiveFault, ...]] = []

    def __call__(self, active: tuple[ActiveFault, ...]) -> str:
        self.calls.append(active)
        return "+".join(str(fault) for fault in active) or "healthy"


def test_an_assembly_is_built_once_for_each_set_of_faults() -> None:
    build, current = Builder(), CurrentPlan(parse_plan(["filter_dropped"]))
    assemblies = Assemblies(build, [Seam.FILTER], current)
    for seed in range(5):
        assert assemblies.for_request(Luck(seed), 0) == "filter_dropped"
    assert len(build.calls) == 1


def test_a_new_plan_takes_effect_with_the_next_request() -> None:
    current = CurrentPlan()
    assemblies = Assemblies(Builder(), [Seam.FILTER], current)
    assert assemblies.for_request(Luck(1), 0) == "healthy"
    current.plan = parse_plan(["filter_dropped=0.5"])
    assert assemblies.for_request(Luck(1), 0) == "filter_dropped=0.5"


def test_a_fault_of_another_service_builds_nothing_new() -> None:
    build, current = Builder(), CurrentPlan()
    assemblies = Assemblies(build, [Seam.FILTER], current)
    assemblies.for_request(Luck(1), 0)
    current.plan = parse_plan(["misroute"])
    assert assemblies.for_request(Luck(1), 0) == "healthy"
    assert len(build.calls) == 1


def test_a_share_gives_each_request_the_assembly_that_its_luck_decides() -> None:
    plan = FaultPlan((PlannedFault(ActiveFault("filter_dropped"), share=0.5),))
    assemblies = Assemblies(Builder(), [Seam.FILTER], CurrentPlan(plan))
    assert {assemblies.for_request(Luck(seed), 0) for seed in range(20)} == {
        "healthy",
        "filter_dropped",
    }


def test_preparing_builds_ahead_of_the_first_request() -> None:
    build, plan = Builder(), parse_plan(["filter_dropped"])
    assemblies = Assemblies(build, [Seam.FILTER], CurrentPlan(plan))
    assemblies.prepare(plan)
    assemblies.for_request(Luck(1), 0)
    assert build.calls == [(), (ActiveFault("filter_dropped"),)]


def test_preparing_builds_for_requests_that_only_some_of_the_faults_are_for() -> None:
    some = (PlannedFault(ActiveFault(f"filter_{how}"), 0.5) for how in ("dropped", "wrong"))
    build, plan = Builder(), FaultPlan(tuple(some))
    assemblies = Assemblies(build, [Seam.FILTER], CurrentPlan(plan))
    assemblies.prepare(plan)
    assert len(build.calls) == 4
    for seed in range(40):
        assemblies.for_request(Luck(seed), 0)
    assert len(build.calls) == 4
