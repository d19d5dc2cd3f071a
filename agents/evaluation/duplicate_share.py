"""Duplicate share: how much of what was shown only repeats what was shown before it.

The one check of which less is better: 0 is a context of different pieces.
"""

from __future__ import annotations

from agents.evaluation.check import UNDEFINED, Check, Evaluation, Judged
from agents.evaluation.claims import content_words, figures

_ALIKE = 0.9
"""Share of common words and figures from which on a piece repeats another (Jaccard)."""


def _evaluate(judged: Judged) -> Evaluation:
    if not judged.shown:
        return UNDEFINED
    # Titles are left out: a copy is often filed under a name of its own.
    said = [content_words(piece.text) | figures(piece.text) for piece in judged.shown]
    repeated = sum(
        any(_alike(words, before) for before in said[:place]) for place, words in enumerate(said)
    )
    score = repeated / len(said)
    return Evaluation(score, "varied" if not repeated else "repeated", f"{repeated} of {len(said)}")


def _alike(one: frozenset[str], other: frozenset[str]) -> bool:
    common, either = len(one & other), len(one | other)
    return either > 0 and common >= _ALIKE * either


CHECK = Check("duplicate_share", _evaluate)
