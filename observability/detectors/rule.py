"""What a rule is, whatever it is written in, and what it says about requests."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal, Protocol

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]
Severity = Literal["info", "warning", "critical"]


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """What is known of a rule without running it.

    ``layer`` is the layer that it blames, one of ``signals.LAYERS`` or
    ``answer`` or ``infrastructure``, which blame none. ``agent`` and ``spans``
    (first words of span names) say more closely where to look. ``group`` puts
    rules apart in reports: ``baseline``, ``infrastructure`` or ``quality``.
    ``judges`` says whether its flags and scores are about single requests.
    """

    id: str
    title: str
    severity: Severity
    description: str
    runbook: str
    layer: str
    agent: str | None = None
    spans: tuple[str, ...] = ()
    group: Literal["baseline", "infrastructure", "quality"] = "quality"
    judges: bool = False
    source: str = ""


@dataclass(frozen=True, slots=True)
class Track:
    """What a rule said of a stretch of requests; all arrays have one value for each of them.

    ``flagged`` tells of single requests whether the rule holds them for bad,
    ``score`` how much (higher is worse, ``nan`` where it cannot tell).
    ``statistic`` is what is compared with ``threshold`` to raise an alarm,
    ``nan`` for a rule that has none. ``alarms`` are the places at which an
    alarm begins; an alarm that goes on is not raised again until it has ended.
    """

    flagged: Flags
    score: Numbers
    statistic: Numbers
    threshold: float
    alarms: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Alarm:
    """An alarm as it is told to people: which rule, at which request, and why."""

    rule: RuleInfo
    trace_id: str
    time_ns: int
    statistic: float = field(default=float("nan"))
    threshold: float = field(default=float("nan"))


class Rule(Protocol):
    """Anything that watches requests; it may remember what it saw until it is reset."""

    @property
    def info(self) -> RuleInfo: ...

    def feed(self, requests: pa.Table) -> Track:
        """Return what it says of some requests, in order; they follow on those fed before.

        ``requests`` is a table of signals as ``observability.signals.table``
        makes it. Raises ``RuleFailed``.
        """
        ...

    def reset(self) -> None:
        """Forget everything seen."""
        ...
