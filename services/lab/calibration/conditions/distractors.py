"""The gold passage among a hundred others, of which more and more resemble it."""

from __future__ import annotations

from functools import partial
from itertools import islice

from corpus.luck import Luck
from corpus.ports import Chunk
from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

OTHERS = 100
PERCENT = (0, 10, 25, 50, 100)


def _build(percent: int, library: Library, asked: Asked) -> Trial:
    hard = library.near_misses(asked.question, asked.gold, OTHERS * percent // 100)
    known = {chunk.id for chunk in hard}
    easy = (c for c in library.filler(asked.question, asked.gold) if c.id not in known)
    others = [*hard, *islice(easy, OTHERS - len(hard))]
    luck = Luck(0).child("mix", asked.question.id)
    others.sort(key=lambda chunk: luck.uniform(chunk.id))
    return Trial(f"hard_{percent}", asked.question, among(asked, others))


def among(asked: Asked, others: list[Chunk]) -> tuple[Chunk, ...]:
    """Return passages with the gold one at a place that is the question's own."""
    share = Luck(0).uniform("place", asked.question.id)
    place = int(share * (len(others) + 1))
    return (*others[:place], asked.gold, *others[place:])


CONDITIONS = tuple(
    Condition(
        f"hard_{percent}",
        f"gold among {OTHERS} passages, {percent} % of them similar",
        partial(_build, percent),
        percent,
    )
    for percent in PERCENT
)
