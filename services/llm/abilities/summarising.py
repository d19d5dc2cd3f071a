"""Sum documents up: the statements that say most, in reading order."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np

from corpus.luck import Luck
from services.llm.attention import Attention
from services.llm.profiles import Profile
from services.llm.reading import BlockReading

_WANTED = re.compile(
    r"\bsum(?:mar(?:y|ies|i[sz]e[sd]?)\b|s? (?:it|this|that|them|these|those) up\b|\s+up\s+the\b)"
    r"|\btl;?dr\b|\bmain points\b|\bkey points\b",
    re.IGNORECASE,
)
STATEMENTS = 4
"""Statements in a summary."""
_FLOURISHES = (
    "A further review by the auditors is planned for next quarter.",
    "This is 12 percent more than in the year before.",
    "The chief executive has confirmed this in a letter.",
    "A penalty of 250.00 EUR applies otherwise.",
    "The parties expect to extend this by two years.",
)
"""What a writer adds who knows how such texts usually go on."""


def wants_summary(question: str) -> bool:
    """Tell whether a text is asked to be summed up."""
    return bool(_WANTED.search(question))


def telling(attention: Attention, luck: Luck) -> list[int]:
    """Return the places that say most of their documents, in reading order.

    A statement says much that is like the whole of its document, holds a
    figure or a date, and is long enough to be one.
    """
    scores: dict[int, float] = {}
    first = 0
    for block in attention.blocks:
        likeness = _likeness(block)
        for number, reading in enumerate(block.segments):
            if reading.segment.kind != "heading" and len(reading.segment.text.split()) >= 3:
                score = 3.0 * likeness[number] + 0.5 * bool(reading.kinds)
                score += 0.2 * luck.gumbel("summary", reading.segment.text)
                scores[first + number] = score
        first += len(block.segments)
    return sorted(sorted(scores, key=lambda i: -scores[i])[:STATEMENTS])


def embellished(sentences: Sequence[str], profile: Profile, luck: Luck) -> list[str]:
    """Return a summary's sentences, with what no document says added as the profile would."""
    if luck.uniform("embellish") >= profile.embellishment:
        return list(sentences)
    added = max(_FLOURISHES, key=lambda text: luck.gumbel("flourish", text))
    return [*sentences, added]


def _likeness(block: BlockReading) -> list[float]:
    if not len(block.pooled):
        return []
    middle = block.pooled.mean(axis=0)
    middle = middle / max(float(np.linalg.norm(middle)), 1e-6)
    return [float(value) for value in block.pooled @ middle]
