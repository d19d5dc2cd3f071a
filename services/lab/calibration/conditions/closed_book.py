"""No passage at all."""

from __future__ import annotations

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial


def _build(library: Library, asked: Asked) -> Trial:
    return Trial("closed_book", asked.question, (), answerable=False)


CONDITIONS = (Condition("closed_book", "no document", _build),)
