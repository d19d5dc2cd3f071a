"""Choose among described options: the one whose description or examples the question resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.luck import Luck
from services.llm.profiles import Profile
from services.llm.prompt import Option
from services.llm.reading import QuestionReading, ReadingRoom

_SHARED = 0.125
_SORT = 0.06
_FAVOUR = 1.0
_SHARPNESS = 0.05
"""Similarity by which one line must be nearer than another to be e times as convincing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option's name with the share of conviction that it got."""

    name: str
    share: float


def resemblance(a: QuestionReading, b: QuestionReading) -> float:
    """Return how alike two short texts are, from 0 to about 1.

    Half by their words, late interaction both ways and the cosine of what they
    dwell on, and half by what they are after, as learned maps tell it; then
    whether they speak of the same things, and name things of the same sort (an
    invoice's number, a company).
    """
    similarity = a.vectors @ b.vectors.T
    there = float(a.weights @ similarity.max(axis=1))
    back = float(b.weights @ similarity.max(axis=0))
    norms = float(np.linalg.norm(a.focus) * np.linalg.norm(b.focus))
    cosine = float(a.focus @ b.focus) / max(norms, 1e-6)
    words = 0.35 * there + 0.25 * back + 0.4 * cosine
    after = float((a.aims * b.aims).sum()) / len(a.aims)
    likeness = 0.5 * words + 0.5 * after
    return (
        likeness + _SHARED * _overlap(a.concepts, b.concepts) + _SORT * _overlap(a.sorts, b.sorts)
    )


def _overlap(a: frozenset[str], b: frozenset[str]) -> float:
    return len(a & b) / len(a | b) if a or b else 1.0


def choose(
    room: ReadingRoom,
    question: str,
    options: Sequence[Option],
    profile: Profile,
    luck: Luck,
    favoured: frozenset[str] = frozenset(),
) -> list[Choice]:
    """Return the options, the chosen one first, with shares that sum to 1.

    ``favoured`` are options for which something besides their description speaks.
    """
    if not options:
        return []
    asked = room.question(question)
    convictions: list[float] = []
    for option in options:
        lines = (option.name.replace("_", " ").replace("-", " "), *option.lines)
        scores = np.array([resemblance(asked, room.question(line)) for line in lines])
        best = np.sort(scores)[::-1][:3]
        weights = np.array([0.7, 0.2, 0.1])[: len(best)]
        convictions.append(float(best @ weights / weights.sum()))
    logits = np.array(convictions) / _SHARPNESS
    logits += np.array([_FAVOUR * (option.name in favoured) for option in options])
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    noisy = [
        logit + profile.temperature * luck.gumbel("choose", option.name)
        for logit, option in zip(logits, options, strict=True)
    ]
    first = int(np.argmax(noisy))
    rest = [i for i in np.argsort(-shares, kind="stable").tolist() if i != first]
    return [Choice(options[i].name, float(shares[i])) for i in (first, *rest)]
