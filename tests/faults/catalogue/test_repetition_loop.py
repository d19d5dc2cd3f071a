from dataclasses import replace

from agents.prompts import FileRoutes
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.agents.fakes import Bench


def routes(severity: float = 1.0):
    return degrade_part(Seam.ROUTES, FileRoutes(), [ActiveFault("repetition_loop", severity)])


def test_a_route_without_a_search_stays_as_it_is() -> None:
    healthy = {route.name: list(route.agents) for route in FileRoutes().offered(Luck(1))}
    agents = {route.name: list(route.agents) for route in routes().offered(Luck(1))}
    assert agents["lookup"] == healthy["lookup"]
    assert agents["ledger"] == healthy["ledger"]
    assert set(agents["documents"]) == set(healthy["documents"])
    assert agents["documents"].count("retriever") > 2


async def test_the_same_search_is_made_until_the_limit_and_the_question_is_answered() -> None:
    bench = Bench(change=lambda parts: replace(parts, routes=routes()))
    answer = await bench.ask("Which payment terms did we agree with Nordkai?")
    assert answer.answer == "Invoices are payable within 30 days [D1]."
    assert list(answer.agents) == [*["retriever"] * 6, "response", "validation"]
    assert len({query.text for query in bench.search.queries}) == 1
    assert all(span.status == "UNSET" for span in bench.spans)


def test_the_share_of_requests_grows_without_swapping() -> None:
    whole = FileRoutes().offered(Luck(1))

    def hit(severity: float) -> set[int]:
        part = routes(severity)
        return {
            seed for seed in range(500) if part.offered(Luck(seed))[0].agents != whole[0].agents
        }

    assert 110 < len(hit(0.3)) < 190
    assert hit(0.3) < hit(0.6)


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = FileRoutes()
    active = [ActiveFault("repetition_loop", 0.0)]
    assert degrade_part(Seam.ROUTES, healthy, active) is healthy
