"""What a condition is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.trial import Trial

Build = Callable[[Library, Asked], Trial | None]


@dataclass(frozen=True, slots=True)
class Condition:
    """A way to ask a question: ``build`` returns the prompt, None where it does not apply.

    ``label`` says it in words, ``size`` is its place on a curve. A ``screened``
    condition is tried only with questions whose answer is found in the gold
    passage alone.
    """

    name: str
    label: str
    build: Build
    size: float = 0.0
    screened: bool = False
