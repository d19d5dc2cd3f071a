"""Five passages from a search within what the question is about, or over everything."""

from __future__ import annotations

from functools import partial

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

_PASSAGES = 5


def _build(filtered: bool, library: Library, asked: Asked) -> Trial:
    found = tuple(library.search(asked.question, filtered)[:_PASSAGES])
    name = "store_filtered" if filtered else "store_shared"
    return Trial(name, asked.question, found, answerable=asked.gold in found)


CONDITIONS = (
    Condition("store_filtered", "five passages, search within the entity", partial(_build, True)),
    Condition("store_shared", "five passages, search over everything", partial(_build, False)),
)
