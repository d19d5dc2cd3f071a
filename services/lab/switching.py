"""Puts another plan into force while requests are answered, as a bad deploy or re-index would."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass

from faults.current import CurrentPlan
from faults.fault import Seam
from faults.plan import FaultPlan
from faults.registry import Catalogue, catalogue

INDEXED = frozenset({Seam.DOCUMENTS, Seam.CHUNKER, Seam.INDEX_EMBEDDER, Seam.INDEX_SETTINGS})
"""The seams of what an index is made from: a fault there needs an index of its own."""

Progress = Callable[[int, int], None]
Build = Callable[[FaultPlan, Progress], None]
"""Builds on disk what a plan needs, in its own time; called in a thread."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Pending:
    """A plan that waits for its index: how many chunks are done, and of how many."""

    plan: FaultPlan
    done: int = 0
    total: int = 0


class Switch:
    """Holds what is in force and what is being built for.

    ``prepare`` opens what a plan needs and is quick once ``build`` has been
    there. The last plan asked for wins: one that is still being built for
    when another is asked for never comes into force.
    """

    def __init__(
        self,
        current: CurrentPlan,
        prepare: Callable[[FaultPlan], None],
        build: Build | None = None,
        known: Catalogue | None = None,
    ) -> None:
        self.current = current
        self.pending: Pending | None = None
        self.failure: str | None = None
        self._prepare = prepare
        self._build = build
        self._known = known
        self._task: asyncio.Task[None] | None = None

    def to(self, plan: FaultPlan) -> bool:
        """Put a plan into force when its index is there; tell whether that was at once."""
        self.pending, self.failure, self._task = None, None, None
        if self._build is None or not self._is_indexed(plan):
            self._enforce(plan)
            return True
        self.pending = Pending(plan)
        self._task = asyncio.get_running_loop().create_task(self._later(plan, self._build))
        return False

    async def settled(self) -> None:
        """Wait until nothing is being built for any more."""
        while self._task is not None:
            await asyncio.wait({self._task})

    def _is_indexed(self, plan: FaultPlan) -> bool:
        known = self._known or catalogue()
        return any(known.get(fault.id).seam in INDEXED for fault in plan.everything())

    async def _later(self, plan: FaultPlan, build: Build) -> None:
        mine = asyncio.current_task()
        loop = asyncio.get_running_loop()

        def tell(done: int, total: int) -> None:
            loop.call_soon_threadsafe(note, Pending(plan, done, total))

        def note(pending: Pending) -> None:
            if self._task is mine:
                self.pending = pending

        try:
            await asyncio.to_thread(build, plan, tell)
            if self._task is mine:
                self._enforce(plan)
        except Exception as error:
            _log.exception("what a plan needs could not be built")
            if self._task is mine:
                self.failure = f"{error or type(error).__name__}"
        finally:
            if self._task is mine:
                self.pending, self._task = None, None

    def _enforce(self, plan: FaultPlan) -> None:
        self._prepare(plan)
        self.current.plan = plan
