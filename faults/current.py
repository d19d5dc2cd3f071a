"""The plan in force, and the assemblies of parts that it calls for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import islice
from typing import Generic, TypeVar

from corpus.luck import Luck
from faults.apply import relevant
from faults.fault import Seam
from faults.plan import HEALTHY, ActiveFault, FaultPlan
from faults.registry import Catalogue

P = TypeVar("P")

MOST_PREPARED = 65
"""Sets of faults, the empty one among them, that are prepared ahead of the first request."""


class CurrentPlan:
    """Holds the plan that requests are decided by; it can be replaced at any time.

    A request asks once, when it begins, so that a new plan never changes a
    request that is under way.
    """

    def __init__(self, plan: FaultPlan = HEALTHY) -> None:
        self.plan = plan

    def active(self, luck: Luck, now_ns: int) -> tuple[ActiveFault, ...]:
        """Return the faults that a request which begins now runs under."""
        return self.plan.active(luck, now_ns)


class Assemblies(Generic[P]):
    """Builds a service's parts once for each set of faults that touches its seams.

    ``build`` gets the active faults, () for the healthy parts. It may be slow,
    as when a fault of the chunker needs an index of its own: ``prepare`` does
    that ahead of the first request.
    """

    def __init__(
        self,
        build: Callable[[tuple[ActiveFault, ...]], P],
        seams: Sequence[Seam],
        current: CurrentPlan,
        known: Catalogue | None = None,
    ) -> None:
        self._build = build
        self._seams = tuple(seams)
        self._current = current
        self._known = known
        self._built: dict[tuple[ActiveFault, ...], P] = {}

    def for_request(self, luck: Luck, now_ns: int) -> P:
        """Return the parts for a request with this luck that begins now."""
        return self._get(relevant(self._seams, self._current.active(luck, now_ns), self._known))

    def prepare(self, plan: FaultPlan) -> None:
        """Build the healthy parts and those of the sets of faults that a plan's requests run under.

        Of a plan with very many sets the first are built, and the others when they are needed.
        """
        for active in islice(plan.sets(), MOST_PREPARED):
            self._get(relevant(self._seams, active, self._known))

    def release(self) -> None:
        """Let go of all but the healthy parts."""
        self._built = {active: parts for active, parts in self._built.items() if not active}

    def _get(self, active: tuple[ActiveFault, ...]) -> P:
        if active not in self._built:
            self._built[active] = self._build(active)
        return self._built[active]
