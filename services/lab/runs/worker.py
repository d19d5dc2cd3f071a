"""A worker: one system in one process, whose time begins anew for every pass."""

from __future__ import annotations

import asyncio
import gc
import hashlib
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack

from corpus.world import WorldFolder
from faults.current import MOST_PREPARED
from faults.plan import HEALTHY, ActiveFault, FaultPlan, PlannedFault
from services.foundation import IndexProgress
from services.identity import Identity
from services.lab.runs.decided import DecidedPlan
from services.lab.runs.logs import LogCatcher
from services.lab.runs.passes import Pass, Passer, SpanCollector
from services.lab.runs.scenario import Scenario
from services.lab.runs.scenario_file import dump_scenario
from services.lab.runs.traffic import Session, TrafficPlan
from services.settings import Settings
from services.virtual_time import VirtualClock, VirtualTimeLoop
from services.wiring import System, build_system

_TURNS = 20
"""More turns of the loop than it takes to close a stream that nobody read to its end."""

_THOROUGH = 25
"""Passes between two times at which all of the memory is looked through for what is unused."""


class Worker:
    """Runs passes of one scenario; ``close`` ends its system."""

    def __init__(
        self, settings: Settings, scenario: Scenario, progress: IndexProgress | None = None
    ) -> None:
        """Build the system and every index that the scenario's faults call for."""
        self.settings, self.scenario = settings, scenario
        start_ns = scenario.start_ns
        self._loop = VirtualTimeLoop(start_ns)
        self._runner = asyncio.Runner(loop_factory=lambda: self._loop)
        self._plan = DecidedPlan()
        self._passes = 0
        self._exits = AsyncExitStack()
        spans = SpanCollector()
        clock = VirtualClock(start_ns)
        logs = self._exits.enter_context(LogCatcher(clock))
        run = run_key(scenario)
        identity = Identity(
            seed=_never_drawn,
            request_id=lambda: "req-without-a-header",
            run=run,
            experiment=True,
        )
        opening = build_system(
            settings,
            clock,
            self._plan,
            progress=progress,
            sinks=[spans.add],
            identity=identity,
            kept_traces=1,
        )
        self._system: System = self._runner.run(self._exits.enter_async_context(opening))
        for plan in to_prepare(scenario):
            self._system.prepare(plan)
        self.traffic = traffic_of(scenario, self._system.foundation.world)
        self._passer = Passer(self._system, self._plan, spans, logs, run)
        self._system.foundation.embedder.embed(["loaded before the first request"])
        # What is here now stays, and need not be looked at again after every pass.
        gc.collect()
        gc.freeze()

    def ask(self, way: int, sessions: Sequence[Session], plan: FaultPlan, start_ns: int) -> Pass:
        """Ask the sessions of one pass, with time beginning anew at ``start_ns``.

        They ask of other things where the plan says so.
        """
        self._loop.restart(start_ns)
        # What is left to the collector is cleared up between passes and at no other time, so
        # that nothing which a pass does depends on how full the memory of a process is.
        gc.disable()
        done: list[Pass] = []

        async def ask() -> None:
            # Not the task's result: asyncio would write all of it out as a text that nobody reads.
            asked = self.traffic.under(plan, sessions)
            done.append(await self._passer.ask(way, asked, plan))

        try:
            self._runner.run(ask())
            return done.pop()
        finally:
            gc.enable()
            # The youngest are what the pass has left; to look through all takes much longer.
            self._passes += 1
            gc.collect(2 if self._passes % _THOROUGH == 0 else 0)
            self._runner.run(_settle())

    def prepare(self, plan: FaultPlan) -> None:
        """Build or open what a plan needs, e.g. an index, ahead of a pass under it."""
        self._system.prepare(plan)

    def release(self) -> None:
        """Let go of what plans needed beyond the healthy parts; it stays on disk."""
        if self._system.searching is not None:
            self._system.searching.release()

    def close(self) -> None:
        """Close all that was opened."""
        gc.unfreeze()
        self._runner.run(self._exits.aclose())
        self._runner.close()


async def _settle() -> None:
    """Let what a pass has left behind come to its end."""
    for _ in range(_TURNS):
        await asyncio.sleep(0)


def traffic_of(scenario: Scenario, world: WorldFolder) -> TrafficPlan:
    """Return a scenario's traffic in a world."""
    return TrafficPlan(scenario, world.world())


def run_key(scenario: Scenario) -> str:
    """Return what all ids of a run follow from: the scenario with its seed, expectations aside."""
    text = dump_scenario(scenario.model_copy(update={"expect": ()}))
    return hashlib.blake2b(text.encode(), digest_size=12).hexdigest()


_here: Worker | None = None


def worker_for(
    settings: Settings, scenario: Scenario, progress: IndexProgress | None = None
) -> Worker:
    """Return this process's worker, built when there is none for this scenario yet."""
    global _here  # noqa: PLW0603 - what a process may keep is what it is for
    if _here is not None and (_here.settings, _here.scenario) == (settings, scenario):
        return _here
    close_worker()
    _here = Worker(settings, scenario, progress)
    return _here


def close_worker() -> None:
    """Close this process's worker, if there is one."""
    global _here  # noqa: PLW0603 - see above
    if _here is not None:
        _here.close()
        _here = None


def to_prepare(scenario: Scenario) -> Iterator[FaultPlan]:
    """Yield a plan for each set of faults that is prepared before the first request."""
    yield HEALTHY
    seen: set[tuple[ActiveFault, ...]] = {()}
    for plan in scenario.plans().values():
        for active in plan.sets():
            if len(seen) == MOST_PREPARED:
                return
            if active in seen:
                continue
            seen.add(active)
            yield FaultPlan(tuple(PlannedFault(fault) for fault in active))


def _never_drawn() -> int:
    raise AssertionError("every request of a run brings its seed")
