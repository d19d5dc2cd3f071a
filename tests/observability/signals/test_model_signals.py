"""What signals make of calls of models."""

import pytest

from observability.telemetry import semconv as s
from tests.observability.signals.traces import chat, value, workflow


def test_tokens_and_cost_are_told_by_agent_and_for_the_answer_alone() -> None:
    spans = [
        chat("intent", 1, read=100, wrote=5, cost=0.1),
        chat("finance", 2, read=300, wrote=10, cost=0.25),
        chat("finance", 3, read=500, wrote=10, cost=0.5),
        chat("response", 4, read=50, wrote=20, cost=0.05),
        chat("validation", 5, read=40, wrote=2, cost=0.04),
    ]
    assert value("prompt_tokens_finance", *spans) == 800
    assert value("cost_finance", *spans) == pytest.approx(0.75)
    assert value("cost_supervisor", *spans) is None
    assert value("answer_input_tokens", *spans) == 50
    assert value("answer_tokens", *spans) == 20
    assert value("tokens_per_call", *spans) == pytest.approx(1037 / 5)
    assert value("model_calls", *spans) == 5


def test_what_the_request_says_of_itself_goes_before_sums() -> None:
    calls = [chat("response", 1, read=100), chat("response", 2, read=100)]
    assert value("input_tokens", *calls) == 200
    assert value("input_tokens", workflow({s.GEN_AI_USAGE_INPUT_TOKENS: 230}), *calls) == 230


def test_where_no_agent_is_named_the_last_call_is_the_answer() -> None:
    calls = [chat("a", 1, wrote=1, finished=("stop",)), chat("b", 2, wrote=9, finished=("length",))]
    assert value("answer_tokens", *calls) == 9
    assert value("finish_stop", *calls) == 0


def test_the_models_that_answered_are_a_label() -> None:
    calls = [chat("a", 1, model="m-2"), chat("b", 2, model="m-1"), chat("c", 3, model="m-2")]
    assert value("response_model", *calls) == "m-1, m-2"
