"""Citation validity: the share of citations that lead to a document which bears them out.

A citation is valid when the cited document was shown and states every figure,
date and identifier of the claim that cites it.
"""

from __future__ import annotations

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import evidence_text, figures, split_claims


def _evaluate(judged: Judged) -> Evaluation:
    known = [figures(evidence_text(piece)) for piece in judged.shown]
    given = [(claim, place) for claim in split_claims(judged.answer) for place in claim.cited]
    if judged.abstained or not given:
        return UNDEFINED
    valid = sum(
        place < len(known)
        # A claim that cites several documents may take its figures from any of them.
        and figures(claim.text)
        <= frozenset().union(*(known[p] for p in claim.cited if p < len(known)))
        for claim, place in given
    )
    return Evaluation(
        valid / len(given),
        "valid" if valid == len(given) else "invalid",
        f"{valid} of {len(given)} citations",
    )


CHECK = Check("citation_validity", _evaluate)
