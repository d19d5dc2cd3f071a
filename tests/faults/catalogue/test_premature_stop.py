from agents.prompts import FileRoutes
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault


def routes(*faults: str, severity: float = 1.0):
    active = [ActiveFault(fault, severity) for fault in faults or ("premature_stop",)]
    return degrade_part(Seam.ROUTES, FileRoutes(), active)


def test_the_last_agent_before_the_answer_is_left_out() -> None:
    agents = {route.name: tuple(route.agents) for route in routes().offered(Luck(1))}
    assert agents == {
        "documents": ("response", "validation"),
        "ledger": ("response", "validation"),
        "documents_and_ledger": ("retriever", "response", "validation"),
        "lookup": ("response",),
    }


def test_the_share_of_requests_grows_without_swapping() -> None:
    whole = FileRoutes().offered(Luck(1))

    def hit(severity: float) -> set[int]:
        part = routes(severity=severity)
        return {seed for seed in range(500) if part.offered(Luck(seed)) != whole}

    assert 110 < len(hit(0.3)) < 190
    assert hit(0.3) < hit(0.6)


def test_it_stops_early_on_routes_that_another_fault_describes_wrongly() -> None:
    both = routes("misroute", "premature_stop").offered(Luck(1))
    assert [route.description for route in both] == [
        route.description for route in routes("misroute").offered(Luck(1))
    ]
    assert all(
        len(ours.agents) < len(whole.agents)
        for ours, whole in zip(both, FileRoutes().offered(Luck(1)), strict=True)
    )


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = FileRoutes()
    active = [ActiveFault("premature_stop", 0.0)]
    assert degrade_part(Seam.ROUTES, healthy, active) is healthy
