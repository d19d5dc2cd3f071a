"""Asks a list of questions of a system under a plan and collects what became of each."""

from __future__ import annotations

import asyncio
import resource
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace
from typing import Protocol

import httpx

from corpus.luck import Luck
from faults.current import CurrentPlan
from faults.plan import FaultPlan
from observability.clock import Clock
from observability.recording.records import SpanRecord
from services.client import Question
from services.lab.errors import NothingToMeasure
from services.lab.outcome import Item, Outcome, outcome_of

Progress = Callable[[int, int], None]


PAUSE_SECONDS = 20.0
"""What somebody takes to read an answer before asking the next question of a conversation."""


class Conversations(Protocol):
    """What keeps the sessions of a system."""

    def forget(self) -> None:
        """Forget what was said in every session."""
        ...


class MeasuredSystem(Protocol):
    """A whole system as an experiment needs it."""

    @property
    def client(self) -> httpx.AsyncClient:
        """Return a client of the gateway."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the clock that the system lives by."""
        ...

    @property
    def plan(self) -> CurrentPlan:
        """Return the holder of the plan that requests are decided by."""
        ...

    @property
    def workflow(self) -> Conversations:
        """Return what keeps the sessions."""
        ...

    def prepare(self, plan: FaultPlan) -> None:
        """Build what a plan needs, e.g. an index, ahead of its first request."""
        ...

    def spans(self, trace_id: str) -> Sequence[SpanRecord]:
        """Return the finished spans of a trace."""
        ...


@dataclass(frozen=True, slots=True)
class Arm:
    """All questions under one plan, and what the process used meanwhile.

    ``cpu_seconds`` is user and system time, ``memory_mb`` the highest resident
    size of the process so far. ``traces`` holds the spans of each trace if they
    were to be kept.
    """

    name: str
    plan: FaultPlan
    outcomes: tuple[Outcome, ...]
    cpu_seconds: float
    memory_mb: float
    traces: Mapping[str, Sequence[SpanRecord]] = field(default_factory=dict)


def request_seed(seed: int, number: int) -> int:
    """Return the seed of a run's n-th request, the same in every arm."""
    return Luck(seed).child("request", number).seed


async def run_arm(
    system: MeasuredSystem,
    name: str,
    plan: FaultPlan,
    items: Sequence[Item],
    seed: int,
    concurrency: int = 4,
    progress: Progress | None = None,
    keep_spans: bool = False,
) -> Arm:
    """Ask all questions under a plan, up to ``concurrency`` at a time, and return the arm.

    An item with something to ask before is a conversation of two questions; its
    outcome is that of the second one. No arm remembers what another one asked.
    The system's plan is what it was before when this returns. Raises
    ``NothingToMeasure`` for an empty list.
    """
    if not items:
        raise NothingToMeasure("there is no question to ask")
    system.prepare(plan)
    system.workflow.forget()
    begins = system.clock.now_ns()
    places = asyncio.Semaphore(concurrency)
    done = 0
    traces: dict[str, Sequence[SpanRecord]] = {}

    async def one(number: int, item: Item) -> Outcome:
        nonlocal done
        async with places:
            asked = Question(item.text, seed=request_seed(seed, number))
            if item.before:
                asked = await ask_before(system, asked, item.before, f"{begins}.{number}")
            outcome, spans = await _ask(system, item, asked)
        if keep_spans and spans:
            traces[outcome.trace_id] = spans
        done += 1
        if progress is not None:
            progress(done, len(items))
        return outcome

    before, system.plan.plan = system.plan.plan, plan
    began = time.process_time()
    try:
        outcomes = await asyncio.gather(*(one(n, item) for n, item in enumerate(items)))
    finally:
        system.plan.plan = before
    used = time.process_time() - began
    return Arm(name, plan, tuple(outcomes), used, _memory_mb(), traces)


async def ask_before(
    system: MeasuredSystem, question: Question, before: str, conversation: str
) -> Question:
    """Open a conversation with ``before``, and return the question as the next one of it.

    ``conversation`` tells it from other conversations of the system. What becomes of
    the first question, be it a failure, is the second one's to show.
    """
    luck = Luck(question.seed or 0).child("before")
    session = f"session-{luck.child('session', conversation).seed:012x}"
    first = replace(question, text=before, session_id=session, seed=luck.seed)
    with suppress(httpx.HTTPError):
        await system.client.post("/v1/ask", json=first.body(stream=False), headers=first.headers())
    await system.clock.sleep(PAUSE_SECONDS)
    return replace(question, session_id=session)


async def _ask(
    system: MeasuredSystem, item: Item, question: Question
) -> tuple[Outcome, Sequence[SpanRecord]]:
    began = system.clock.now_ns()
    try:
        response = await system.client.post(
            "/v1/ask", json=question.body(stream=False), headers=question.headers()
        )
        status, body = response.status_code, response.json()
    except (httpx.HTTPError, ValueError):
        # Nobody answered, or not with JSON: monitoring counts that as unavailable.
        status, body = 503, {}
    elapsed_ms = (system.clock.now_ns() - began) / 1e6
    answer = body if status == 200 and isinstance(body, dict) else {}
    trace_id = str(answer.get("trace_id", ""))
    spans = system.spans(trace_id) if trace_id else ()
    seed = question.seed or 0
    return outcome_of(item, seed, status, elapsed_ms, answer, spans), spans


def _memory_mb() -> float:
    # Linux counts in kB. The highest size is asked for since that is what a limit meets.
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
