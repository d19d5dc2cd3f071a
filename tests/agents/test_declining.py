from __future__ import annotations

import pytest

from agents.errors import QuestionError
from tests.agents.fakes import Bench, choice


async def test_a_question_in_another_language_is_declined_politely_without_a_model() -> None:
    bench = Bench()
    answer = await bench.ask("Warum wurde die Rechnung INV-2026-0133 nicht bezahlt?")
    assert answer.abstained
    assert answer.route == "refused"
    assert "German" in answer.answer
    assert not bench.model.asked
    assert bench.children("invoke_workflow finance_qa") == ["stillgreen.safety"]


async def test_a_question_out_of_scope_is_declined() -> None:
    bench = Bench(script={"intent": [choice("intent", "out_of_scope", 0.95)]})
    answer = await bench.ask("Who won the football match?")
    assert answer.abstained
    assert not bench.model.asked["supervisor"]


async def test_a_question_that_names_an_invoice_is_never_out_of_scope() -> None:
    bench = Bench(script={"intent": [choice("intent", "out_of_scope", 0.95)]})
    answer = await bench.ask("Tell me a joke about INV-2026-0133")
    assert answer.route == "documents"


@pytest.mark.parametrize("question", ["", "   \n", "\x00\x01\x02\x03", "?!…", "x" * 100_000])
async def test_what_is_no_text_is_refused_as_an_error(question: str) -> None:
    with pytest.raises(QuestionError):
        await Bench().ask(question)
