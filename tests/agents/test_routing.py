from __future__ import annotations

from collections.abc import Sequence

import pytest

from agents.errors import ErpError, RetrievalError
from tests.agents.fakes import Bench, FakeErp, FakeSearch, Reply, call, choice


async def test_a_lookup_takes_the_short_way_and_cites_the_record() -> None:
    bench = Bench(
        script={
            "supervisor": [choice("route", "lookup")],
            "response": ["The gross amount is 1,190.00 EUR [D1]."],
        }
    )
    answer = await bench.ask("What is the gross amount of INV-2026-0133?")
    assert list(answer.agents) == ["finance", "response"]
    assert answer.validation.verdict == "not_checked"
    assert answer.citations[0].doc_id == "tool:get_invoice"
    assert answer.citations[0].quote == "gross amount: 1,190.00 EUR"
    assert not bench.search.queries


async def test_an_own_collection_is_offered_the_documents_route_alone() -> None:
    bench = Bench()
    await bench.ask("Which terms apply?", collection="mine")
    plan = bench.model.asked["supervisor"][0]
    assert "- documents:" in plan.messages[-1].content
    assert "- ledger:" not in plan.messages[-1].content
    assert bench.search.queries[0].collection == "mine"


async def test_little_confidence_in_the_plan_takes_the_widest_route() -> None:
    bench = Bench(script={"supervisor": [choice("route", "lookup", 0.1)]})
    answer = await bench.ask("INV-2026-0133?")
    assert answer.route == "documents_and_ledger"
    (event,) = bench.span("invoke_agent supervisor").events
    assert event.attributes["stillgreen.fallback.reason"] == "low_confidence"


async def test_a_failing_tool_makes_the_supervisor_fall_back_once() -> None:
    erp = FakeErp({"/invoices/INV-2026-0133": ErpError("down")})
    script: dict[str, Sequence[Reply]] = {
        "supervisor": [choice("route", "ledger")],
        "finance": [call("get_invoice", invoice_id="INV-2026-0133")],
    }
    bench = Bench(script=script, erp=erp)
    answer = await bench.ask("What is the status of INV-2026-0133?")
    assert answer.route == "documents_and_ledger"
    assert list(answer.agents) == ["retriever", "response", "validation"]
    assert answer.review.reason == "the finance agent failed"
    (event,) = bench.span("invoke_agent supervisor").events
    assert event.attributes["stillgreen.fallback.reason"] == "finance_failed"
    assert any(span.status == "ERROR" for span in bench.spans)


async def test_a_question_fails_when_no_way_is_left() -> None:
    bench = Bench(
        script={"supervisor": [choice("route", "documents")], "finance": ["nothing to do"]},
        search=FakeSearch(failures=9),
    )
    with pytest.raises(RetrievalError):
        await bench.ask("Which terms apply to Nordkai?")


async def test_a_ledger_route_without_a_known_entity_asks_the_documents_as_well() -> None:
    bench = Bench(script={"supervisor": [choice("route", "ledger")], "finance": ["no tool fits"]})
    answer = await bench.ask("How long may a trip last?")
    assert answer.route == "documents_and_ledger"
    assert bench.search.queries
    (event,) = bench.span("invoke_agent supervisor").events
    assert event.attributes["stillgreen.fallback.reason"] == "nothing_to_look_up"
    assert len(bench.model.asked["finance"]) == 1


async def test_a_lookup_of_no_record_goes_to_the_documents_as_well() -> None:
    bench = Bench(script={"supervisor": [choice("route", "lookup")], "finance": ["no tool fits"]})
    answer = await bench.ask("To which share of the order value are prepayments limited?")
    assert answer.route == "documents_and_ledger"
    (event,) = bench.span("invoke_agent supervisor").events
    assert event.attributes["stillgreen.fallback.reason"] == "nothing_to_look_up"
