"""Choose among described options: the one whose description or examples the question resembles."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import numpy as np
import numpy.typing as npt

from corpus.luck import Luck
from services.llm.profiles import Profile
from services.llm.prompt import Option
from services.llm.reading import Matrix, QuestionReading, ReadingRoom

_SHARED = 0.125
_SORT = 0.06
_FAVOUR = 1.0
_SHARPNESS = 0.05
"""Similarity by which one line must be nearer than another to be e times as convincing."""
_Some = TypeVar("_Some", float, npt.NDArray[np.floating[Any]])


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
    after = float((a.aims * b.aims).sum()) / len(a.aims)
    return _likeness(there, back, cosine, after) + _about(a, b)


@dataclass(frozen=True, slots=True)
class Lines:
    """Short texts side by side, to be compared with one other at once.

    With T tokens in all: ``vectors`` is (T, dimension), ``weights`` (T,),
    ``starts`` the first token of each text, ``focus`` (texts, dimension) of
    unit length, ``aims`` (texts, aims of a text).
    """

    readings: tuple[QuestionReading, ...]
    vectors: Matrix
    weights: npt.NDArray[np.float32]
    starts: npt.NDArray[np.intp]
    focus: Matrix
    aims: Matrix

    @classmethod
    def read(cls, room: ReadingRoom, texts: Sequence[str]) -> Lines:
        """Read the texts, or remember how they were read."""
        readings = tuple(room.question(text) for text in texts)
        sizes = [len(reading.vectors) for reading in readings]
        focus = np.stack([reading.focus for reading in readings])
        norms = np.maximum(np.linalg.norm(focus, axis=1, keepdims=True), 1e-6)
        return cls(
            readings=readings,
            vectors=np.concatenate([reading.vectors for reading in readings]),
            weights=np.concatenate([reading.weights for reading in readings]),
            starts=np.concatenate([[0], np.cumsum(sizes)[:-1]]).astype(np.intp),
            focus=np.asarray(focus / norms, dtype=np.float32),
            aims=np.stack([reading.aims.ravel() for reading in readings]),
        )

    def resemblances(self, other: QuestionReading) -> npt.NDArray[np.float64]:
        """Return ``resemblance`` of another text to each of these."""
        similarity = other.vectors @ self.vectors.T
        there = other.weights @ np.maximum.reduceat(similarity, self.starts, axis=1)
        back = np.add.reduceat(self.weights * similarity.max(axis=0), self.starts)
        cosine = self.focus @ other.focus / max(float(np.linalg.norm(other.focus)), 1e-6)
        after = self.aims @ other.aims.ravel() / len(other.aims)
        about = np.array([_about(other, own) for own in self.readings])
        return np.asarray(_likeness(there, back, cosine, after) + about, dtype=np.float64)


def _likeness(there: _Some, back: _Some, cosine: _Some, after: _Some) -> _Some:
    """Weigh words and aims, for one text or for many."""
    words = 0.35 * there + 0.25 * back + 0.4 * cosine
    likeness: _Some = 0.5 * words + 0.5 * after
    return likeness


def _about(a: QuestionReading, b: QuestionReading) -> float:
    return _SHARED * _overlap(a.concepts, b.concepts) + _SORT * _overlap(a.sorts, b.sorts)


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
    groups = [
        (option.name.replace("_", " ").replace("-", " "), *option.lines) for option in options
    ]
    texts = tuple(line for group in groups for line in group)
    lines = room.lines.recall(texts, lambda: Lines.read(room, texts))
    resemblances = room.likeness.recall((texts, question), lambda: lines.resemblances(asked))
    convictions: list[float] = []
    end = 0
    for group in groups:
        start, end = end, end + len(group)
        best = np.sort(resemblances[start:end])[::-1][:3]
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
