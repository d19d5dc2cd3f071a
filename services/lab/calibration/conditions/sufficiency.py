"""Retrieved passages that hold the answer, and the same ones without it."""

from __future__ import annotations

from functools import partial

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.conditions.distractors import among
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

_PASSAGES = 8


def _build(enough: bool, first: bool, library: Library, asked: Asked) -> Trial:
    """Take the gold document out, since its other sections could hold the answer, too."""
    found = library.search(asked.question, filtered=True)
    others = [c for c in found if c.doc_id != asked.gold.doc_id][: _PASSAGES - 1]
    if not enough:
        return Trial("insufficient", asked.question, tuple(others), answerable=False)
    name = "sufficient_question_first" if first else "sufficient"
    return Trial(name, asked.question, among(asked, others), question_first=first)


CONDITIONS = (
    Condition("sufficient", "retrieved passages with the answer", partial(_build, True, False)),
    Condition(
        "sufficient_question_first",
        "question, then retrieved passages with the answer",
        partial(_build, True, True),
    ),
    Condition("insufficient", "retrieved passages without it", partial(_build, False, False)),
)
