"""The validation agent: checks a draft against its evidence and against the ledger."""

from __future__ import annotations

import json
import math
from collections.abc import Sequence
from typing import Any

from agents.case import Case, Verdict
from agents.evaluation import Check, Evaluation, Judged
from agents.evaluation.claims import evidence_text, figures, split_claims
from agents.evidence import documents_block
from agents.handoff import Draft, Handover
from agents.ports import Evidence, JsonObject, Message
from agents.spans import agent_span
from observability.telemetry import SpanHandle, Telemetry, semconv

VERDICTS = ("supported", "partly_supported", "unsupported")
_SCHEMA: JsonObject = {
    "type": "object",
    "properties": {
        "claims": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "claim": {"type": "string"},
                    "supported": {"type": "boolean"},
                    "evidence": {"type": "string"},
                },
                "required": ["claim", "supported", "evidence"],
                "additionalProperties": False,
            },
        },
        "verdict": {"type": "string", "enum": list(VERDICTS)},
    },
    "required": ["claims", "verdict"],
    "additionalProperties": False,
}


class Validator:
    """Has the model check the claims, and checks the figures itself."""

    def __init__(self, telemetry: Telemetry, checks: Sequence[Check]) -> None:
        self._telemetry = telemetry
        self._checks = checks

    async def run(self, case: Case, given: Handover) -> Verdict:
        """Return the verdict; where no answer is given there is nothing to check.

        Raises ``ModelError``.
        """
        draft = given.draft
        with agent_span(self._telemetry, "validation", given, semconv.OI_EVALUATOR) as span:
            if draft is None:
                span.set(semconv.AGENT_STEPS, 0)
                return Verdict()
            evaluations = self._evaluate(span, given, draft)
            if draft.abstained:
                span.set(semconv.VALIDATION_VERDICT, "abstained")
                span.set(semconv.AGENT_STEPS, 0)
                return Verdict("abstained")
            reply = await case.calls.chat(
                "validation",
                self._messages(case, given, draft),
                schema=_SCHEMA,
                schema_name="claim_check",
            )
            checked: dict[str, Any] = json.loads(reply.content)
            supported = [bool(claim["supported"]) for claim in checked["claims"]]
            share = sum(supported) / len(supported) if supported else 0.0
            groundedness = evaluations["groundedness"].score if "groundedness" in evaluations else 0
            ledger = ledger_match(draft, given.records)
            verdict = Verdict(
                verdict=str(checked["verdict"]),
                groundedness=None if math.isnan(groundedness) else groundedness,
                hallucination_risk=round(1 - (share + _or(groundedness, share)) / 2, 4),
                figures_differ=bool(_stated(draft, given.question) - _known(draft.shown)),
            )
            span.update(
                {
                    semconv.VALIDATION_VERDICT: verdict.verdict,
                    semconv.VALIDATION_GROUNDEDNESS: verdict.groundedness,
                    semconv.VALIDATION_HALLUCINATION_RISK: verdict.hallucination_risk,
                    semconv.VALIDATION_CLAIMS: len(supported),
                    semconv.VALIDATION_CLAIMS_SUPPORTED: sum(supported),
                    semconv.VALIDATION_LEDGER_MATCH: ledger,
                    semconv.AGENT_STEPS: 1,
                    semconv.COST_USD: reply.cost_usd,
                }
            )
        return verdict

    def _messages(self, case: Case, given: Handover, draft: Draft) -> list[Message]:
        render = case.parts.prompts.render
        values = {
            "documents": documents_block(draft.shown),
            "question": given.question,
            "answer": " ".join(draft.text.split()),
        }
        return [
            Message("system", render("validation", case.luck, {})),
            Message("user", render("claims", case.luck, values)),
        ]

    def _evaluate(self, span: SpanHandle, given: Handover, draft: Draft) -> dict[str, Evaluation]:
        judged = Judged(given.question, draft.text, draft.abstained, draft.shown, given.entities)
        evaluations = {check.name: check.evaluate(judged) for check in self._checks}
        for name, evaluation in evaluations.items():
            span.event(
                semconv.EVENT_EVALUATION_RESULT,
                {
                    semconv.GEN_AI_EVALUATION_NAME: name,
                    semconv.GEN_AI_EVALUATION_SCORE_VALUE: (
                        evaluation.score if evaluation.defined else None
                    ),
                    semconv.GEN_AI_EVALUATION_SCORE_LABEL: evaluation.label,
                    # An explanation may quote the answer.
                    semconv.GEN_AI_EVALUATION_EXPLANATION: (
                        evaluation.explanation or None if span.captures_content else None
                    ),
                },
            )
        return evaluations


def ledger_match(draft: Draft, records: Sequence[Evidence]) -> float | None:
    """Return the share of the draft's figures that the ledger's records state.

    None when nothing was looked up or the draft states no figure.
    """
    stated = figures(" ".join(claim.text for claim in split_claims(draft.text)))
    if not records or not stated:
        return None
    return len(stated & _known(records)) / len(stated)


def _stated(draft: Draft, question: str) -> frozenset[str]:
    """Return the figures that a draft adds to what the question said."""
    text = " ".join(claim.text for claim in split_claims(draft.text))
    return figures(text) - figures(question)


def _known(evidence: Sequence[Evidence]) -> frozenset[str]:
    return frozenset().union(*(figures(evidence_text(piece)) for piece in evidence))


def _or(score: float, otherwise: float) -> float:
    return otherwise if math.isnan(score) else score
