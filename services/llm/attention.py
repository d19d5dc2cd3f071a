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
from services.llm.reading import (
    BlockReading,
    QuestionReading,
    ReadingRoom,
    SegmentReading,
)
from services.llm.salience import learned

Logits = npt.NDArray[np.float64]
_NEGLIGIBLE = 1e-7
"""Share of attention below which a segment is not even tried: it would be drawn once in a year."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a segment stands: its block's number and its own reading."""

    block: int
    reading: SegmentReading


@dataclass(frozen=True, slots=True)
class Attention:
    """Where a reader looks: ``logits`` and ``shares`` per place, and those of *nothing here*.

    ``temperature`` is the profile's, and what the length of the prompt adds to it.
    """

    room: ReadingRoom
    asked: Asked
    question: QuestionReading
    blocks: tuple[BlockReading, ...]
    places: tuple[Place, ...]
    rows: npt.NDArray[np.float32]
    logits: Logits
    shares: npt.NDArray[np.float64]
    nothing_logit: float
    nothing_share: float
    temperature: float = 0.0

    def order(self) -> list[int]:
        """Return the places from the most to the least salient."""
        return [int(i) for i in np.argsort(-self.logits, kind="stable")]

    def draw(self, luck: Luck) -> int | None:
        """Choose a place, or None for *nothing here*: Gumbel-max, so that the shares are the odds.

        The noise is keyed by the segment's text, so that a passage more or
        less does not re-roll the others.
        """
        best: int | None = None
        top = self.nothing_logit + self.temperature * luck.gumbel("attend", "nothing here")
        for index in np.flatnonzero(self.shares > _NEGLIGIBLE):
            text = self.places[index].reading.segment.text
            score = self.logits[index] + self.temperature * luck.gumbel("attend", text)
            if score > top:
                best, top = int(index), score
        return best


def look(
    room: ReadingRoom,
    asked: Asked,
    question: QuestionReading,
    blocks: Sequence[BlockReading],
) -> Attention:
    """Return what there is to see, before anything draws attention."""
    places = tuple(Place(i, s) for i, block in enumerate(blocks) for s in block.segments)
    rows = features.measure(question, asked, blocks, room.rows)
    still = np.zeros(len(places))
    return Attention(room, asked, question, tuple(blocks), places, rows, still, still, 0.0, 1.0)


def attend(
    room: ReadingRoom,
    prompt: Prompt,
    profile: Profile,
    *,
    question: str | None = None,
    tokens: int = 0,
) -> Attention:
    """Return where a profile looks in a prompt of so many tokens for an answer to a question."""
    seen, raw, nothing = glance(room, prompt, question)
    return weigh(seen, raw, nothing, profile, tokens, prompt)


def glance(
    room: ReadingRoom, prompt: Prompt, question: str | None = None
) -> tuple[Attention, Logits, float]:
    """Return what there is to see, its bare logits and that of *nothing here*, for no profile."""
    text = question if question is not None else prompt.question
    seen = look(
        room, what_is_asked(text), room.question(text), [room.block(b) for b in prompt.blocks]
    )
    salience = learned()
    return seen, salience.of(seen.rows), salience.nothing


def weigh(
    seen: Attention,
    raw: Logits,
    nothing: float,
    profile: Profile,
    tokens: int,
    prompt: Prompt,
) -> Attention:
    """Return what a profile makes of the bare logits of what was seen."""
    logits = raw + _position(seen.blocks, profile) - _length(tokens, prompt.question_first, profile)
    temperature = profile.temperature * _blur(tokens, prompt.question_first, profile)
    return _weighed(seen, logits, nothing + profile.nothing_bias, temperature)


def _weighed(seen: Attention, logits: Logits, nothing: float, temperature: float) -> Attention:
    scaled = np.append(logits, nothing) / max(temperature, 1e-3)
    scaled -= scaled.max()
    mass = np.exp(scaled)
    mass /= mass.sum()
    return replace(
        seen,
        logits=logits,
        shares=mass[:-1],
        nothing_logit=nothing,
        nothing_share=float(mass[-1]),
        temperature=temperature,
    )


def _position(blocks: Sequence[BlockReading], profile: Profile) -> Logits:
    """Primacy and recency: what stands first or last in the prompt is read best."""
    if not blocks:
        return np.zeros(0)
    if profile.position_passages > 0:
        numbers = np.repeat(np.arange(len(blocks)), [len(block.segments) for block in blocks])
        before = numbers / profile.position_passages
        behind = (len(blocks) - 1 - numbers) / profile.position_passages
    else:
        lengths = np.array([max(s.own.stop - s.own.start, 1) for b in blocks for s in b.segments])
        if not len(lengths):
            return np.zeros(0)
        middle = (np.cumsum(lengths) - lengths / 2) / lengths.sum()
        before = middle / profile.position_scale
        behind = (1 - middle) / profile.position_scale
    return np.asarray(profile.primacy * np.exp(-before) + profile.recency * np.exp(-behind))


def _length(tokens: int, question_first: bool, profile: Profile) -> float:
    """What a long prompt costs every segment, in logits."""
    lost = profile.length_penalty * _doublings(tokens, profile.effective_context)
    if question_first:
        lost += profile.question_first_penalty * _doublings(tokens, NEAR)
    return lost


def _blur(tokens: int, question_first: bool, profile: Profile) -> float:
    """By what factor a long prompt raises the temperature."""
    factor = 1.0 + profile.length_blur * _doublings(tokens, profile.effective_context)
    if question_first:
        factor += profile.question_first_blur * _doublings(tokens, NEAR)
    return factor


NEAR = 500
"""Tokens up to which a question that stands first is still near to all that follows."""


def _doublings(tokens: int, beyond: float) -> float:
    return max(0.0, float(np.log2(max(tokens, 1) / beyond)))
