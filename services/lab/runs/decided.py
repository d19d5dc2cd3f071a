"""A plan whose decision about a request is made once, for all services."""

from __future__ import annotations

from corpus.luck import Luck
from faults.current import CurrentPlan
from faults.plan import ActiveFault, FaultPlan


class DecidedPlan(CurrentPlan):
    """Answers each request as was decided when it was due, however late a service asks.

    Without it a request that is under way at a fault's onset would begin in
    one world and end in another, and nobody could say what was true of it.
    """

    def __init__(self) -> None:
        super().__init__()
        self._decided: dict[int, tuple[ActiveFault, ...]] = {}

    def begin(self, plan: FaultPlan) -> None:
        """Put a plan in force and forget what was decided by another."""
        self.plan = plan
        self._decided.clear()

    def decide(self, luck: Luck, at_ns: int) -> tuple[ActiveFault, ...]:
        """Decide about a request that is due at a time, and return its faults."""
        active = self.plan.active(luck, at_ns)
        self._decided[luck.seed] = active
        return active

    def active(self, luck: Luck, now_ns: int) -> tuple[ActiveFault, ...]:
        """Return what was decided about the request with this luck; () for one never decided."""
        return self._decided.get(luck.seed, ())
