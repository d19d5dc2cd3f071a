"""Guards the way out: safety checks on an answer, and the escalation to a person."""

from __future__ import annotations

from collections.abc import Callable

from agents.answer import ReviewNote
from agents.case import Case
from agents.escalation import Situation
from agents.ports import ReviewItem, ReviewQueue
from agents.safety import SafetyReport
from observability.clock import Clock
from observability.telemetry import Telemetry, semconv


class Guard:
    """Runs the checks, each in its span."""

    def __init__(
        self,
        telemetry: Telemetry,
        clock: Clock,
        reviews: ReviewQueue,
    ) -> None:
        self._telemetry = telemetry
        self._clock = clock
        self._reviews = reviews

    def safety(self, check: Callable[[], SafetyReport]) -> SafetyReport:
        """Make a check in its span."""
        attributes = {semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_GUARDRAIL}
        with self._telemetry.span(semconv.SPAN_SAFETY, attributes) as span:
            report = check()
            span.set(semconv.SAFETY_CHECKS, list(report.checks))
            span.set(semconv.SAFETY_FAILED, list(report.failed))
            span.set(semconv.SAFETY_ACTION, report.action)
        return report

    def escalate(self, case: Case, situation: Situation, trace_id: str) -> ReviewNote:
        """Decide whether a person has to look at an answer, and queue it if so."""
        attributes = {semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_CHAIN}
        with self._telemetry.span(semconv.SPAN_ESCALATION, attributes) as span:
            reason = case.parts.escalation.reason(situation, case.luck)
            span.set(semconv.REVIEW_REQUIRED, reason is not None)
            span.set(semconv.REVIEW_REASON, reason)
            span.set(semconv.DECISION_CONFIDENCE, situation.confidence)
            if reason is None:
                return ReviewNote(False, None)
            review_id = f"review-{case.request.request_id}"
            self._reviews.put(
                ReviewItem(
                    id=review_id,
                    trace_id=trace_id,
                    question=case.request.question,
                    answer=situation.answer,
                    reason=reason,
                    created_ns=self._clock.now_ns(),
                )
            )
            span.set(semconv.REVIEW_ID, review_id)
        return ReviewNote(True, reason)
