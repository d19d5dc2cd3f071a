"""Twenty passages with the gold one at a given place, the others near misses."""

from __future__ import annotations

from functools import partial

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

PASSAGES = 20
PLACES = (0, 4, 9, 14, 19)


def _build(place: int, library: Library, asked: Asked) -> Trial:
    others = library.near_misses(asked.question, asked.gold, PASSAGES - 1)
    passages = (*others[:place], asked.gold, *others[place:])
    return Trial(f"gold_at_{place}", asked.question, passages)


CONDITIONS = tuple(
    Condition(f"gold_at_{place}", f"20 passages, gold at {place}", partial(_build, place), place)
    for place in PLACES
)
