"""One stream of values: a detector over it, and where its alarms begin."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from math import isnan

import numpy as np

from observability.detectors.detector import ChangeDetector, Value
from observability.detectors.rule import Numbers

NAN = float("nan")


class Edges:
    """Turns a statistic into alarms.

    An alarm begins when the statistic has been at the threshold or above for
    ``lasting`` values, and ends when it is below. Another one begins no sooner
    than ``cooldown`` values after the last began.
    """

    def __init__(self, threshold: float, lasting: int, cooldown: int) -> None:
        self._threshold = threshold
        self._lasting = lasting
        self._cooldown = cooldown
        self.reset()

    def reset(self) -> None:
        """Forget everything seen."""
        self._above = 0
        self._on = False
        self._wait = 0

    def begins(self, statistic: float) -> bool:
        """Take the next value and tell whether an alarm begins with it; nan is below."""
        self._wait = max(0, self._wait - 1)
        if not statistic >= self._threshold:
            self._above = 0
            self._on = False
            return False
        self._above += 1
        if self._on or self._above < self._lasting or self._wait:
            return False
        self._on = True
        self._wait = self._cooldown
        return True


class Stream:
    """A detector and its alarms over one stream, e.g. one user's requests."""

    def __init__(self, detector: ChangeDetector | None, minimum: int, edges: Edges) -> None:
        self._detector = detector
        self._minimum = minimum
        self._edges = edges

    def reset(self) -> None:
        """Forget everything seen."""
        if self._detector is not None:
            self._detector.reset()
        self._edges.reset()

    def feed(
        self, rows: Sequence[int], values: Sequence[Value], times: Sequence[int], statistic: Numbers
    ) -> Iterator[int]:
        """Take values in, write the statistic at their rows, yield rows where alarms begin."""
        begins = self._edges.begins
        found = np.empty(len(rows))
        detector = self._detector
        if detector is None:
            for n, value in enumerate(values):
                found[n] = value
                if begins(value):  # type: ignore[arg-type]  # single values are numbers
                    yield rows[n]
        else:
            update = detector.update
            minimum = self._minimum
            for n, value in enumerate(values):
                update(value, times[n])
                now = detector.statistic if detector.count >= minimum else NAN
                found[n] = now
                if begins(now):
                    yield rows[n]
        statistic[list(rows)] = found


def undefined(value: object) -> bool:
    """Tell whether a value is none."""
    return value is None or (isinstance(value, float) and isnan(value))
