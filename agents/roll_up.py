"""Puts what matters of a whole question on the span of its workflow."""

from __future__ import annotations

from agents.answer import Answer
from agents.case import Case, Work
from observability.telemetry import SpanHandle, semconv


def roll_up(span: SpanHandle, case: Case, answer: Answer, work: Work) -> None:
    """Put what matters of the whole question on its span."""
    span.update(
        {
            semconv.ROUTE_NAME: answer.route,
            semconv.AGENT_PATH: list(answer.agents),
            semconv.AGENT_COUNT: len(answer.agents),
            semconv.TOOL_COUNT: len(work.tool_results),
            semconv.MODEL_CALLS: case.calls.spent().calls,
            semconv.GEN_AI_USAGE_INPUT_TOKENS: answer.usage.input_tokens,
            semconv.GEN_AI_USAGE_OUTPUT_TOKENS: answer.usage.output_tokens,
            semconv.COST_USD: answer.usage.cost_usd,
            semconv.ANSWER_ABSTAINED: answer.abstained,
            semconv.ANSWER_LENGTH: len(answer.answer),
            semconv.ANSWER_CONFIDENCE: answer.confidence,
            semconv.VALIDATION_VERDICT: answer.validation.verdict,
            semconv.VALIDATION_GROUNDEDNESS: answer.validation.groundedness,
            semconv.VALIDATION_HALLUCINATION_RISK: answer.validation.hallucination_risk,
            semconv.REVIEW_REQUIRED: answer.review.required,
            semconv.REVIEW_REASON: answer.review.reason,
            semconv.FALLBACK_USED: work.fallback is not None,
            semconv.FALLBACK_REASON: work.fallback,
            semconv.EXCEPTION_COUNT: len(work.failed),
            semconv.STEP_LIMIT_REACHED: work.step_limit_reached or work.tool_limit_reached,
        }
    )
