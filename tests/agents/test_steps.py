"""Which agents run, how often, and which tools are called besides those that the model chooses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from agents.ports import Route
from corpus.luck import Luck
from tests.agents.fakes import INVOICE, Bench, FakeErp, call, choice

ERP = {
    "/invoices/INV-2026-0133": {**INVOICE, "po_id": "PO-2026-0011"},
    "/purchase-orders/PO-2026-0011": {"id": "PO-2026-0011"},
}


class OneRoute:
    def __init__(self, *agents: str, thorough: bool = False) -> None:
        self.route = Route("ledger", "records", ("How much?",), agents, thorough)

    def offered(self, luck: Luck) -> Sequence[Route]:
        return [self.route]


def bench_on(route: OneRoute, **script: object) -> Bench:
    return Bench(
        script={"supervisor": [choice("route", "ledger")], **script},
        erp=FakeErp(ERP),
        change=lambda parts: replace(parts, routes=route),
    )


async def test_an_agent_that_a_route_names_twice_runs_twice_and_its_finds_add_up() -> None:
    bench = bench_on(OneRoute("retriever", "retriever", "response"))
    answer = await bench.ask("What is INV-2026-0133?")
    assert list(answer.agents) == ["retriever", "retriever", "response"]
    given = bench.span("invoke_agent response").attributes
    assert given["stillgreen.handoff.passages"] == 2


async def test_the_limit_of_steps_leaves_room_for_the_answer() -> None:
    bench = bench_on(OneRoute(*["retriever"] * 20, "finance", "response", "validation"))
    answer = await bench.ask("What is INV-2026-0133?")
    assert list(answer.agents) == [*["retriever"] * 6, "response", "validation"]
    whole = bench.span("invoke_workflow finance_qa").attributes
    assert whole["stillgreen.step_limit.reached"] is True


async def test_within_the_limit_of_steps_it_is_not_reached() -> None:
    bench = bench_on(OneRoute("retriever", "finance", "response", "validation"))
    await bench.ask("What is INV-2026-0133?")
    whole = bench.span("invoke_workflow finance_qa").attributes
    assert whole["stillgreen.step_limit.reached"] is False


async def test_a_thorough_route_calls_the_other_tools_with_what_question_and_records_name() -> None:
    bench = bench_on(OneRoute("finance", "response", thorough=True))
    await bench.ask("What is INV-2026-0133?")
    paths = [path for path, _ in bench.erp.asked]
    assert paths[0] == "/invoices/INV-2026-0133"
    assert "/benchmarks/purchase-orders/PO-2026-0011" in paths
    assert len(paths) == len(set(paths)) == 5


async def test_without_a_known_argument_a_thorough_route_calls_no_further_tool() -> None:
    bench = bench_on(OneRoute("retriever", "finance", "response", thorough=True), finance=["done"])
    await bench.ask("Which rules apply to deputies?")
    assert bench.erp.asked == []


async def test_an_ordinary_route_calls_only_what_the_model_chooses() -> None:
    bench = bench_on(
        OneRoute("finance", "response"),
        finance=[call("get_invoice", invoice_id="INV-2026-0133"), "done"],
    )
    await bench.ask("What is INV-2026-0133?")
    assert [path for path, _ in bench.erp.asked] == ["/invoices/INV-2026-0133"]
