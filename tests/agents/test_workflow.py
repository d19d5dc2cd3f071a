from __future__ import annotations

import pytest

from agents.answer import Progress
from agents.errors import ModelError
from agents.ports import Evidence
from tests.agents.fakes import PASSAGE, Bench, FakeSearch, choice


async def test_a_documents_question_goes_through_retriever_response_and_validation() -> None:
    bench = Bench()
    answer = await bench.ask("Which payment terms did we agree with Nordkai?")
    assert answer.answer == "Invoices are payable within 30 days [D1]."
    assert answer.route == "documents"
    assert list(answer.agents) == ["retriever", "response", "validation"]
    assert answer.citations[0].doc_id == "FA-1001"
    assert answer.citations[0].quote == "Invoices are payable within 30 days of receipt."
    assert answer.validation.verdict == "supported"
    assert answer.model == "fake-1-2026-06"
    assert answer.usage.input_tokens == 400
    assert answer.usage.cost_usd == pytest.approx(0.004)
    assert answer.trace_id == bench.spans[0].trace_id


async def test_the_spans_form_the_tree_of_the_contract() -> None:
    bench = Bench(script={"supervisor": [choice("route", "documents_and_ledger")]})
    await bench.ask("Was INV-2026-0133 billed as Nordkai agreed?")
    assert bench.children("invoke_workflow finance_qa") == [
        "stillgreen.intent",
        "invoke_agent supervisor",
    ]
    assert bench.children("invoke_agent supervisor") == [
        "plan supervisor",
        "invoke_agent retriever",
        "stillgreen.context",
        "invoke_agent finance",
        "invoke_agent response",
        "invoke_agent validation",
        "stillgreen.safety",
        "stillgreen.escalation",
    ]
    assert bench.children("invoke_agent finance") == [
        "chat fake-1",
        "execute_tool get_invoice",
        "chat fake-1",
    ]
    assert all(span.status == "UNSET" for span in bench.spans)


async def test_the_workflow_span_holds_what_matters_of_the_whole_question() -> None:
    bench = Bench()
    await bench.ask("Which payment terms did we agree with Nordkai?", user_id="eva@example.com")
    attributes = bench.span("invoke_workflow finance_qa").attributes
    assert attributes["stillgreen.route.name"] == "documents"
    assert attributes["stillgreen.validation.verdict"] == "supported"
    assert attributes["gen_ai.usage.input_tokens"] == 400
    assert attributes["stillgreen.review.required"] is False
    assert "eva" not in str(attributes["user.id"])


async def test_each_check_is_an_evaluation_event_of_the_validation() -> None:
    bench = Bench()
    await bench.ask("Which payment terms did we agree with Nordkai?")
    events = bench.span("invoke_agent validation").events
    scores = {
        event.attributes["gen_ai.evaluation.name"]: event.attributes.get(
            "gen_ai.evaluation.score.value"
        )
        for event in events
    }
    assert scores["groundedness"] == 1.0
    assert {"citation_validity", "citation_coverage", "context_relevance"} < set(scores)


async def test_the_answering_prompt_shows_records_and_passages_and_ends_with_the_question() -> None:
    bench = Bench(script={"supervisor": [choice("route", "documents_and_ledger")]})
    await bench.ask("Was INV-2026-0133 billed as agreed?")
    shown = bench.model.asked["response"][0].messages[-1].content
    assert '<document id="D1" source="tool:get_invoice"' in shown
    assert '<document id="D2" source="FA-1001"' in shown
    assert "vendor: Nordkai Logistik GmbH (V-1001)" in shown
    assert shown.rstrip().endswith("Question: Was INV-2026-0133 billed as agreed?")


async def test_content_of_own_documents_stays_off_the_spans() -> None:
    bench = Bench()
    await bench.ask("Which secret terms apply?", collection="mine")
    assert not any("secret" in str(span.attributes) for span in bench.spans)


async def test_a_model_that_fails_is_an_error_and_never_an_answer() -> None:
    bench = Bench(script={"response": [ModelError("the model is down", 503)]})
    with pytest.raises(ModelError):
        await bench.ask("Which payment terms did we agree with Nordkai?")
    assert bench.span("invoke_workflow finance_qa").status == "ERROR"


async def test_personal_data_is_masked_in_the_answer_and_in_every_piece_of_the_stream() -> None:
    iban = "DE89 3704 0044 0532 0130 00"
    text = f"Pay Nordkai at {iban} as the agreement of January says, within thirty days [D1]."
    bench = Bench(script={"response": [text]})
    heard: list[str] = []

    async def listen(progress: Progress) -> None:
        if progress.kind == "delta":
            heard.append(progress.text)

    answer = await bench.ask("Which bank account does Nordkai have?", listen)
    assert iban not in answer.answer
    assert "".join(heard) == answer.answer
    assert len(heard) > 1
    assert not any("3704" in piece for piece in heard)


async def test_a_listener_hears_of_the_steps_in_order() -> None:
    bench = Bench()
    steps: list[str] = []

    async def listen(progress: Progress) -> None:
        if progress.kind == "step":
            steps.append(progress.agent)

    await bench.ask("Which payment terms did we agree with Nordkai?", listen)
    assert steps == ["intent", "supervisor", "retriever", "validation"]


async def test_every_call_has_luck_of_its_own_that_depends_on_the_request_alone() -> None:
    first, second = Bench(), Bench()
    for bench in (first, second):
        bench.script["supervisor"] = [choice("route", "ledger")]
        await bench.ask("Which terms apply to Nordkai?")
    seeds = [r.seed for agent in first.model.asked.values() for r in agent]
    assert len(set(seeds)) == len(seeds)
    assert seeds == [r.seed for agent in second.model.asked.values() for r in agent]


async def test_the_context_keeps_what_fits_and_says_what_it_left_out() -> None:
    long = Evidence("c2", "FA-1002", "Another", "word " * 5000, 0.5)
    bench = Bench(search=FakeSearch([PASSAGE, long]))
    await bench.ask("Which payment terms did we agree with Nordkai?")
    attributes = bench.span("stillgreen.context").attributes
    assert (attributes["stillgreen.context.offered"], attributes["stillgreen.context.kept"]) == (
        2,
        1,
    )
    assert attributes["stillgreen.context.truncated"] is True
