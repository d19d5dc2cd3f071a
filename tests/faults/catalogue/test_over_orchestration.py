from agents.prompts import FileRoutes
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault


def routes(severity: float = 1.0):
    return degrade_part(Seam.ROUTES, FileRoutes(), [ActiveFault("over_orchestration", severity)])


def test_every_route_calls_every_agent_and_is_thorough() -> None:
    offered = routes().offered(Luck(1))
    assert {tuple(route.agents) for route in offered} == {
        ("retriever", "finance", "response", "validation")
    }
    assert all(route.thorough for route in offered)


def test_the_supervisor_is_told_of_the_routes_as_before() -> None:
    def told(offered):
        return [(route.name, route.description, route.examples) for route in offered]

    assert told(routes().offered(Luck(1))) == told(FileRoutes().offered(Luck(1)))


def test_the_share_of_requests_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        part = routes(severity)
        return {seed for seed in range(500) if part.offered(Luck(seed))[0].thorough}

    assert 110 < len(hit(0.3)) < 190
    assert hit(0.3) < hit(0.6)


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = FileRoutes()
    active = [ActiveFault("over_orchestration", 0.0)]
    assert degrade_part(Seam.ROUTES, healthy, active) is healthy
