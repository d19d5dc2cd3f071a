"""The first k passages of a search over everything."""

from __future__ import annotations

from functools import partial

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

NUMBERS = (1, 2, 3, 5, 8, 12, 20, 40)


def _build(number: int, library: Library, asked: Asked) -> Trial:
    found = tuple(library.search(asked.question, filtered=False)[:number])
    return Trial(f"k_{number}", asked.question, found, answerable=asked.gold in found)


CONDITIONS = tuple(
    Condition(f"k_{number}", f"first {number} passages", partial(_build, number), number)
    for number in NUMBERS
)
