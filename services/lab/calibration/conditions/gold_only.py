"""Nothing but the passage that answers, as when an expert has opened the right page."""

from __future__ import annotations

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial


def _build(library: Library, asked: Asked) -> Trial:
    return Trial("gold_only", asked.question, (asked.gold,))


CONDITIONS = (Condition("gold_only", "gold passage only", _build),)
