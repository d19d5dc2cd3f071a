"""Longer and longer prompts in which the words of the question do not occur in the answer."""

from __future__ import annotations

from functools import partial

from corpus.ports import Chunk
from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.conditions.distractors import among
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.rewording import without_match
from services.lab.calibration.trial import Trial

THOUSANDS = (1, 2, 4, 8, 16, 32)
_TAKEN = 160
"""Tokens of a prompt that are not passages."""
_TAG = 30
"""Tokens that a passage's tag adds to it."""


def _build(thousands: int, library: Library, asked: Asked) -> Trial | None:
    question = without_match(asked.question)
    if question is None:
        return None
    room = 1024 * thousands - _TAKEN - library.size(asked.gold) - _TAG
    others: list[Chunk] = []
    for chunk in library.filler(question, asked.gold):
        room -= library.size(chunk) + _TAG
        if room < 0:
            break
        others.append(chunk)
    reworded = Asked(question, asked.gold)
    return Trial(f"length_{thousands}k", question, among(reworded, others))


CONDITIONS = tuple(
    Condition(
        f"length_{thousands}k",
        f"no shared words, {thousands}K tokens",
        partial(_build, thousands),
        1024 * thousands,
        # Such benchmarks ask what models do answer in short prompts: base scores are 97 to 99 %.
        screened=True,
    )
    for thousands in THOUSANDS
)
