"""A rule that only counts how long answers are."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable
from statistics import fmean

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo

_WINDOW = 100
_MINIMUM = 50


class AnswerLength:
    """Tells how far the mean length of the last hundred answers is off the healthy mean."""

    info = RuleInfo(
        id="answer_length",
        title="Answer length",
        severity="info",
        description="Answers are longer or shorter on average than healthy ones.",
        runbook="Read some of the answers; length alone says little.",
        layer="answer",
        group="baseline",
    )
    threshold = "learned"
    block = 2 * _WINDOW
    cooldown = _WINDOW

    def __init__(self) -> None:
        self.learned: dict[str, float] = {}
        self._window: deque[float] = deque(maxlen=_WINDOW)

    def learn(self, requests: Iterable[Request]) -> dict[str, float]:
        """Return the mean length of healthy answers."""
        lengths = [
            length for each in requests if isinstance(length := each["answer_length"], float)
        ]
        return {"mean": fmean(lengths)} if lengths else {"mean": 0.0}

    def update(self, request: Request) -> float | None:
        length = request["answer_length"]
        if not isinstance(length, float):
            return None
        self._window.append(length)
        if len(self._window) < _MINIMUM:
            return None
        return abs(fmean(self._window) - self.learned["mean"])

    def reset(self) -> None:
        self._window.clear()


RULE = AnswerLength()
