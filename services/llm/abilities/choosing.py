"""Choose among described options: the one whose description or examples the question resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from corpus.luck import Luck
from services.llm.profiles import Profile
from services.llm.prompt import Option
from services.llm.reading import QuestionReading, ReadingRoom

_SHARPNESS = 0.06
"""Similarity by which one line must be nearer than another to be e times as convincing."""


@dataclass(frozen=True, slots=True)
class Choice:
    """An option's name with the share of conviction that it got."""

    name: str
    share: float


def resemblance(a: QuestionReading, b: QuestionReading) -> float:
    """Return how alike two short texts are, from 0 to 1: late interaction both ways, and cosine."""
    similarity = a.vectors @ b.vectors.T
    there = float(a.weights @ similarity.max(axis=1))
    back = float(b.weights @ similarity.max(axis=0))
    focus_a, focus_b = a.weights @ a.vectors, b.weights @ b.vectors
    norms = float(np.linalg.norm(focus_a) * np.linalg.norm(focus_b))
    cosine = float(focus_a @ focus_b) / max(norms, 1e-6)
    return 0.35 * there + 0.25 * back + 0.4 * cosine


def choose(
    room: ReadingRoom, question: str, options: Sequence[Option], profile: Profile, luck: Luck
) -> list[Choice]:
    """Return the options, the chosen one first, with shares that sum to 1."""
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
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    noisy = [
        logit + profile.temperature * luck.gumbel("choose", option.name)
        for logit, option in zip(logits, options, strict=True)
    ]
    first = int(np.argmax(noisy))
    rest = [i for i in np.argsort(-shares, kind="stable").tolist() if i != first]
    return [Choice(options[i].name, float(shares[i])) for i in (first, *rest)]
