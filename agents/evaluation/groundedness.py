"""Groundedness: the share of an answer's claims that a shown document bears out.

A claim holds when one document states all of its figures, dates and
identifiers and at least half of its words that carry meaning. It is about
support, not truth: a faithful quotation of a wrong document counts as grounded.
"""

from __future__ import annotations

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import content_words, evidence_text, figures, split_claims


def _evaluate(judged: Judged) -> Evaluation:
    claims = split_claims(judged.answer)
    if judged.abstained or not claims:
        return UNDEFINED
    facts = [(figures(text), content_words(text)) for text in map(evidence_text, judged.shown)]
    loose = [claim.text for claim in claims if not _holds(claim.text, facts)]
    score = 1 - len(loose) / len(claims)
    return Evaluation(
        score,
        "grounded" if not loose else "partly_grounded" if score else "ungrounded",
        f"not borne out: {loose[0][:120]}" if loose else "",
    )


def _holds(claim: str, facts: list[tuple[frozenset[str], frozenset[str]]]) -> bool:
    stated, words = figures(claim), content_words(claim)
    return any(
        stated <= known and (not words or len(words & said) >= len(words) / 2)
        for known, said in facts
    )


CHECK = Check("groundedness", _evaluate)
