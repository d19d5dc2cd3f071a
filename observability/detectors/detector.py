"""What a detector of change is, and the walk that finds their files in ``change``."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Literal, Protocol

from observability.detectors.errors import DetectorError
from observability.detectors.reference import Reference

Direction = Literal["up", "down", "both"]
Value = float | str
INFINITE = float("inf")
_DEFAULT_WINDOW = 100


@dataclass(frozen=True, slots=True)
class Window:
    """The stretch that a rule looks back on: so many requests, or so much time."""

    requests: int | None = None
    time_ns: int | None = None

    @property
    def size(self) -> int:
        """How many requests it holds, about; a window of time is taken to hold 100."""
        return self.requests or _DEFAULT_WINDOW


@dataclass(frozen=True, slots=True)
class Setup:
    """All that a detector is made of."""

    direction: Direction = "both"
    window: Window = field(default_factory=lambda: Window(_DEFAULT_WINDOW))
    reference: Reference = field(default_factory=lambda: Reference(0))
    parameters: Mapping[str, float] = field(default_factory=dict)


class ChangeDetector(Protocol):
    """Watches the values of a stream; ``reset`` forgets all of them.

    ``statistic`` says how much has changed, higher is more; it is compared with
    a threshold by whoever asks. ``count`` says how many values it rests on.
    """

    @property
    def statistic(self) -> float: ...

    @property
    def count(self) -> int: ...

    def update(self, value: Value, time_ns: int) -> None: ...

    def reset(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number that a rule may set, with what it is when it does not."""

    default: float
    low: float
    high: float
    describes: str


@dataclass(frozen=True, slots=True)
class DetectorKind:
    """A kind of detector; ``name`` is the stem of its file.

    ``windowed`` says that it looks back on the rule's window. ``reference``
    says whether it compares with healthy values: ``always``, when it looks in
    ``both`` directions, or ``never``. ``decides`` says that it tells by itself
    whether something changed: its statistic is 1 then, else 0. ``floor`` is
    the least statistic that is a change at all, whatever was learned. ``shape``
    says that it compares with healthy percentiles, not only with mean and spread.
    ``unfit`` says what is wrong with parameters that do not go together, or
    nothing.
    """

    name: str
    describes: str
    source: str
    make: Callable[[Setup], ChangeDetector]
    floor: Callable[[Setup], float]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    windowed: bool = False
    reference: Literal["always", "both", "never"] = "always"
    decides: bool = False
    labels: bool = False
    shape: bool = False
    unfit: Callable[[Mapping[str, float]], str] = lambda parameters: ""

    def needs_reference(self, direction: Direction) -> bool:
        """Tell whether it compares with healthy values."""
        return self.reference == "always" or (self.reference == "both" and direction == "both")

    def filled(self, given: Mapping[str, float]) -> dict[str, float]:
        """Return all parameters, as given or else as they are by default."""
        return {
            name: float(given.get(name, each.default)) for name, each in self.parameters.items()
        }


class OffHealthy:
    """The beginning of a detector that takes values as healthy standard deviations off the mean.

    ``count`` is for the detector to keep.
    """

    count: int

    def __init__(self, setup: Setup) -> None:
        self._up = setup.direction != "down"
        self._down = setup.direction != "up"
        self._centre = setup.reference.mean
        self._spread = setup.reference.spread

    def _off(self, value: Value) -> float:
        """Return how far a value is off the healthy mean, in healthy standard deviations."""
        return (float(value) - self._centre) / self._spread


class Sliding:
    """The values in a window that moves along a stream."""

    def __init__(self, window: Window) -> None:
        self._window = window
        self._kept: deque[tuple[int, Value]] = deque()

    def __len__(self) -> int:
        return len(self._kept)

    def total(self) -> float:
        """Return the sum of its values, which are numbers."""
        return math.fsum(float(value) for _, value in self._kept)

    def push(self, value: Value, time_ns: int) -> list[Value]:
        """Take a value in and return those that fall out."""
        kept = self._kept
        kept.append((time_ns, value))
        left: list[Value] = []
        if self._window.time_ns is not None:
            oldest = time_ns - self._window.time_ns
            while kept[0][0] <= oldest:
                left.append(kept.popleft()[1])
        elif len(kept) > self._window.size:
            left.append(kept.popleft()[1])
        return left

    def clear(self) -> None:
        """Forget all values."""
        self._kept.clear()


@cache
def detector_kinds() -> Mapping[str, DetectorKind]:
    """Return the kinds of detectors by name.

    Raises ``DetectorError`` when a file calls its kind otherwise than itself.
    """
    folder = Path(__file__).parent / "change"
    found: dict[str, DetectorKind] = {}
    for module in sorted(pkgutil.iter_modules([str(folder)]), key=lambda each: each.name):
        loaded = importlib.import_module(f"observability.detectors.change.{module.name}")
        kind = getattr(loaded, "DETECTOR", None)
        if not isinstance(kind, DetectorKind) or kind.name != module.name:
            raise DetectorError(
                f"observability/detectors/change/{module.name}.py has no DETECTOR of its name; "
                "end it with DETECTOR = DetectorKind(name=..., ...)"
            )
        found[kind.name] = kind
    return found
