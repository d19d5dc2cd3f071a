"""Attention: a logit per segment and one for *nothing here*, softened, then chosen with luck."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from corpus.luck import Luck
from services.llm import features
from services.llm.asked import Asked, what_is_asked
from services.llm.profiles import Profile
from services.llm.prompt import Prompt
from services.llm.reading import BlockReading, QuestionReading, ReadingRoom, SegmentReading
from services.llm.salience import learned

Logits = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands: its block's number and its own reading."""

    block: int
    reading: SegmentReading


@dataclass(frozen=True, slots=True)
class Attention:
    """Where a reader looks: ``logits`` and ``shares`` per place, and those of *nothing here*."""

    asked: Asked
    question: QuestionReading
    blocks: tuple[BlockReading, ...]
    places: tuple[Place, ...]
    rows: npt.NDArray[np.float32]
    logits: Logits
    shares: npt.NDArray[np.float64]
    nothing_logit: float
    nothing_share: float

    def order(self) -> list[int]:
        """Return the places from the most to the least salient."""
        return [int(i) for i in np.argsort(-self.logits, kind="stable")]

    def draw(self, profile: Profile, luck: Luck) -> int | None:
        """Choose a place, or None for *nothing here*: Gumbel-max at the profile's temperature.

        The noise is keyed by the segment's text, so that a passage more or
        less does not re-roll the others.
        """
        best: int | None = None
        top = self.nothing_logit + profile.temperature * luck.gumbel("attend", "nothing here")
        for index in self.order()[:64]:
            text = self.places[index].reading.segment.text
            score = self.logits[index] + profile.temperature * luck.gumbel("attend", text)
            if score > top:
                best, top = index, score
        return best


def look(asked: Asked, question: QuestionReading, blocks: Sequence[BlockReading]) -> Attention:
    """Return what there is to see, before anything draws attention."""
    places = tuple(Place(i, s) for i, block in enumerate(blocks) for s in block.segments)
    rows = features.measure(question, asked, blocks)
    still = np.zeros(len(places))
    return Attention(asked, question, tuple(blocks), places, rows, still, still, 0.0, 1.0)


def attend(
    room: ReadingRoom,
    prompt: Prompt,
    profile: Profile,
    *,
    question: str | None = None,
    tokens: int = 0,
) -> Attention:
    """Return where a profile looks in a prompt of so many tokens for an answer to a question."""
    text = question if question is not None else prompt.question
    seen = look(what_is_asked(text), room.question(text), [room.block(b) for b in prompt.blocks])
    salience = learned()
    logits = salience.of(seen.rows) + _position(seen.blocks, profile)
    logits -= _length(tokens, prompt.question_first, profile)
    nothing = salience.nothing + profile.nothing_bias
    scaled = np.append(logits, nothing) / max(profile.temperature, 1e-3)
    scaled -= scaled.max()
    mass = np.exp(scaled)
    mass /= mass.sum()
    return replace(
        seen,
        logits=logits,
        shares=mass[:-1],
        nothing_logit=nothing,
        nothing_share=float(mass[-1]),
    )


def _position(blocks: Sequence[BlockReading], profile: Profile) -> Logits:
    """Primacy and recency: what stands first or last in the prompt is read best."""
    lengths = np.array([max(s.own.stop - s.own.start, 1) for b in blocks for s in b.segments])
    if not len(lengths):
        return np.zeros(0)
    middle = (np.cumsum(lengths) - lengths / 2) / lengths.sum()
    first = np.exp(-middle / profile.position_scale)
    last = np.exp(-(1 - middle) / profile.position_scale)
    return np.asarray(profile.primacy * first + profile.recency * last)


def _length(tokens: int, question_first: bool, profile: Profile) -> float:
    """What a long prompt costs every segment, in logits."""
    doublings = max(0.0, float(np.log2(max(tokens, 1) / profile.effective_context)))
    lost = profile.length_penalty * doublings
    if question_first:
        lost += profile.question_first_penalty * max(0.0, float(np.log2(max(tokens, 1) / 500)))
    return lost
