import math

import pytest

from observability.recording.records import SpanRecord
from observability.telemetry import semconv
from services.lab.outcome import Outcome, outcome_of
from tests.services.lab.fakes import item


def outcome(*agents: str, verdict: str | None = None) -> Outcome:
    spans = [
        SpanRecord(
            "1" * 32,
            f"{number:016x}",
            None,
            "gateway",
            f"invoke_agent {agent}",
            "INTERNAL",
            number,
            number + 1,
            "UNSET",
            attributes=(
                {semconv.VALIDATION_VERDICT: verdict}
                if agent == "validation" and verdict is not None
                else {}
            ),
        )
        for number, agent in enumerate(agents, start=1)
    ]
    return outcome_of(item(1), 1, 200, 1.0, {"answer": "1"}, spans)


def test_the_turns_of_agents_are_counted_without_the_supervisor() -> None:
    assert outcome("supervisor", "retriever", "retriever", "response").agents == 3


@pytest.mark.parametrize(
    ("verdict", "approved"),
    [("supported", 1.0), ("partly_supported", 0.0), ("unsupported", 0.0), ("abstained", 0.0)],
)
def test_only_a_supported_answer_is_approved(verdict: str, approved: float) -> None:
    assert outcome("response", "validation", verdict=verdict).approved == approved


def test_without_a_validation_nothing_is_approved_or_refused() -> None:
    assert math.isnan(outcome("finance", "response").approved)
