"""Plans: which faults are active, how strong, for which requests and when."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import product

from corpus.luck import Luck
from faults.errors import BadSeverity, PlanError
from faults.registry import Catalogue, catalogue

RAMP_STEPS = 5
"""A fault that grows does so in steps, so that an index for each of them can be prepared."""

_BEFORE_ALL = -(2**63)
"""Nanoseconds since the epoch, before anything begins."""


@dataclass(frozen=True, slots=True, order=True)
class ActiveFault:
    """A fault at one strength; two requests with equal active faults share an assembly.

    ``documents`` and ``vendors`` are the shares of the documents, and of the
    vendors whose documents, are exposed to a fault of an ingest
    (``faults.exposure``). They belong here and not to the plan, since an index
    is built for each of them.
    """

    id: str
    severity: float = 1.0
    documents: float = 1.0
    vendors: float = 1.0

    def __post_init__(self) -> None:
        _check_severity(self.id, self.severity)
        for name, share in (("documents", self.documents), ("vendors", self.vendors)):
            if not 0 <= share <= 1:
                raise PlanError(f"{self.id}: the share of {name} {share:g} is outside 0 to 1")

    def __str__(self) -> str:
        parts = [self.id if self.severity == 1 else f"{self.id}={self.severity:g}"]
        shares = (("documents", self.documents), ("vendors", self.vendors))
        return " ".join([*parts, *(f"{name}={share:g}" for name, share in shares if share < 1)])

    @property
    def is_partial(self) -> bool:
        """Tell whether some documents are not exposed to it."""
        return self.documents < 1 or self.vendors < 1

    @property
    def is_idle(self) -> bool:
        """Tell whether it changes nothing: it has no severity, or no document is exposed to it."""
        return 0 in (self.severity, self.documents, self.vendors)


@dataclass(frozen=True, slots=True)
class PlannedFault:
    """A fault in a plan: how strong, for what share of requests, and in which time.

    ``begins_ns`` and ``ends_ns`` are nanoseconds since the epoch (the end is not
    included); None leaves that side open. Over ``ramp_ns`` from the beginning the
    severity rises in ``RAMP_STEPS`` equal steps, the first of them at once.
    """

    fault: ActiveFault
    share: float = 1.0
    begins_ns: int | None = None
    ends_ns: int | None = None
    ramp_ns: int = 0

    def __post_init__(self) -> None:
        if not 0 <= self.share <= 1:
            raise PlanError(f"{self.fault.id}: the share {self.share:g} is outside 0 to 1")
        if None not in (self.begins_ns, self.ends_ns) and self.ends_ns <= self.begins_ns:  # type: ignore[operator]
            raise PlanError(f"{self.fault.id}: the plan ends before it begins")
        if self.ramp_ns < 0 or (self.ramp_ns and self.begins_ns is None):
            raise PlanError(f"{self.fault.id}: a ramp needs a beginning and a positive length")

    def hits(self, luck: Luck, now_ns: int) -> bool:
        """Tell whether a request with this luck at this time runs under the fault."""
        return self.is_due(now_ns) and luck.uniform("plan", self.fault.id) < self.share

    def is_due(self, now_ns: int) -> bool:
        """Tell whether this is a time at which requests may run under the fault."""
        if self.begins_ns is not None and now_ns < self.begins_ns:
            return False
        return self.ends_ns is None or now_ns < self.ends_ns

    def at(self, now_ns: int) -> ActiveFault:
        """Return the fault as strong as it is at a time at which it hits."""
        if self.begins_ns is None or now_ns >= self.begins_ns + self.ramp_ns:
            return self.fault
        step = 1 + (now_ns - self.begins_ns) * RAMP_STEPS // self.ramp_ns
        return self._step(step)

    def changes_ns(self) -> tuple[int, ...]:
        """Return the times from which on it is in place, stronger, or gone again."""
        if self.begins_ns is None:
            return () if self.ends_ns is None else (self.ends_ns,)
        steps = range(RAMP_STEPS if self.ramp_ns else 1)
        # Rounded up: before it, a whole number of nanoseconds has not come to the step.
        rises = (self.begins_ns - step * self.ramp_ns // -RAMP_STEPS for step in steps)
        return (*rises, *(() if self.ends_ns is None else (self.ends_ns,)))

    def _step(self, step: int) -> ActiveFault:
        if step == RAMP_STEPS:
            return self.fault
        # Rounded, since the severity is a part of the name of what is built for it.
        return replace(self.fault, severity=round(self.fault.severity * step / RAMP_STEPS, 6))


@dataclass(frozen=True, slots=True)
class FaultPlan:
    """The faults of a run. The empty plan is the healthy application."""

    faults: tuple[PlannedFault, ...] = ()

    def __post_init__(self) -> None:
        ids = [planned.fault.id for planned in self.faults]
        twice = sorted({fault_id for fault_id in ids if ids.count(fault_id) > 1})
        if twice:
            raise PlanError(f"{', '.join(twice)} is in the plan more than once")

    def active(self, luck: Luck, now_ns: int = 0) -> tuple[ActiveFault, ...]:
        """Return the faults that this request runs under, sorted by id.

        A pure function of plan, luck and time; a fault of severity 0, or of no
        document, is left out, since it is the identity.
        """
        return tuple(
            sorted(
                planned.at(now_ns)
                for planned in self.faults
                if not planned.fault.is_idle and planned.hits(luck, now_ns)
            )
        )

    def everything(self) -> tuple[ActiveFault, ...]:
        """Return all faults that can become active, sorted by id: what to prepare for."""
        return tuple(sorted(p.fault for p in self.faults if not p.fault.is_idle))

    def sets(self) -> Iterator[tuple[ActiveFault, ...]]:
        """Yield each set of faults that a request may run under once, the empty one first.

        In order of time. Faults that are never in place at once are in no set
        together, so that a week with a fault in every hour has a set for each hour.
        """
        yield ()
        real = [each for each in self.faults if each.share > 0 and not each.fault.is_idle]
        seen: set[tuple[ActiveFault, ...]] = {()}
        for now_ns in (_BEFORE_ALL, *sorted({at for each in real for at in each.changes_ns()})):
            here = [each for each in real if each.is_due(now_ns)]
            choices = [
                (each.at(now_ns),) if each.share == 1 else (None, each.at(now_ns)) for each in here
            ]
            for chosen in product(*choices):
                found = tuple(sorted(fault for fault in chosen if fault is not None))
                if found not in seen:
                    seen.add(found)
                    yield found


HEALTHY = FaultPlan()


def parse_fault(text: str, known: Catalogue | None = None) -> ActiveFault:
    """Read ``ID`` or ``ID=SEVERITY``; raise ``UnknownFault`` or ``BadSeverity``."""
    fault_id, has_severity, number = (part.strip() for part in text.partition("="))
    (known or catalogue()).get(fault_id)
    if not has_severity:
        return ActiveFault(fault_id)
    try:
        severity = float(number)
    except ValueError:
        raise BadSeverity(
            f"{fault_id}: the severity {number!r} is not a number from 0 to 1"
        ) from None
    return ActiveFault(fault_id, severity)


def parse_plan(texts: Sequence[str], known: Catalogue | None = None) -> FaultPlan:
    """Read several ``ID[=SEVERITY]``; errors as of ``parse_fault``, and one for a repetition."""
    return FaultPlan(tuple(PlannedFault(parse_fault(text, known)) for text in texts))


def _check_severity(fault_id: str, severity: float) -> None:
    if math.isnan(severity) or not 0 <= severity <= 1:
        raise BadSeverity(f"{fault_id}: the severity {severity:g} is outside 0 to 1")
