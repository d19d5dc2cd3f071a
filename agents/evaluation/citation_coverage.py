"""Citation coverage: the share of an answer's claims that cite a shown document."""

from __future__ import annotations

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import split_claims


def _evaluate(judged: Judged) -> Evaluation:
    claims = split_claims(judged.answer)
    if judged.abstained or not claims:
        return UNDEFINED
    covered = sum(any(0 <= p < len(judged.shown) for p in claim.cited) for claim in claims)
    score = covered / len(claims)
    return Evaluation(
        score,
        "cited" if score == 1 else "partly_cited" if score else "uncited",
        f"{covered} of {len(claims)} claims",
    )


CHECK = Check("citation_coverage", _evaluate)
