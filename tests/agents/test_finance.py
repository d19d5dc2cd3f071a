from __future__ import annotations

from agents.ports import Message
from tests.agents.fakes import Bench, call, choice


async def test_the_finance_agent_is_told_what_is_known() -> None:
    bench = Bench(script={"supervisor": [choice("route", "ledger")]})
    await bench.ask("What does Nordkai ask for with INV-2026-0133?")
    told = bench.model.asked["finance"][0].messages[-1].content
    assert "Known: vendor_id=V-1001 (Nordkai Logistik GmbH); invoice_id=INV-2026-0133\n" in told


async def test_the_tool_loop_ends_after_four_turns() -> None:
    bench = Bench(
        script={
            "supervisor": [choice("route", "ledger")],
            "finance": [call("get_invoice", invoice_id="INV-2026-0133")],
        }
    )
    await bench.ask("What is the status of INV-2026-0133?")
    assert len(bench.model.asked["finance"]) == 4
    assert bench.span("invoke_agent finance").attributes["stillgreen.step_limit.reached"] is True


async def test_a_tool_that_does_not_exist_is_told_to_the_model() -> None:
    bench = Bench(
        script={
            "supervisor": [choice("route", "ledger")],
            "finance": [call("pay_invoice", invoice_id="INV-2026-0133"), "done"],
        }
    )
    answer = await bench.ask("Pay INV-2026-0133")
    last: Message = bench.model.asked["finance"][1].messages[-1]
    assert "there is no tool pay_invoice" in last.content
    assert not any(c.doc_id.startswith("tool:") for c in answer.citations)
