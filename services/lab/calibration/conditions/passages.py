"""The first k passages by the encoder's vectors alone.

The published curves are of systems that rank by a bi-encoder or by BM25 and do
not rerank (arXiv 2410.05983, section 3).
"""

from __future__ import annotations

from functools import partial

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

NUMBERS = (1, 2, 3, 5, 8, 12, 20, 40)


def _build(number: int, library: Library, asked: Asked) -> Trial:
    found = tuple(library.nearest(asked.question, max(NUMBERS))[:number])
    return Trial(f"k_{number}", asked.question, found, answerable=asked.gold in found)


CONDITIONS = tuple(
    Condition(f"k_{number}", f"first {number} passages", partial(_build, number), number)
    for number in NUMBERS
)
