"""One pass: the sessions of a block, asked of one system under one plan."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import httpx

from corpus.luck import Luck
from faults.plan import ActiveFault, FaultPlan
from observability.recording.records import LogRecord, MetricRecord, SpanRecord
from observability.telemetry.http import TRACE_HEADER
from observability.telemetry.identity import trace_id_for
from services.client import Question
from services.lab.outcome import Outcome, outcome_of
from services.lab.runs.decided import DecidedPlan
from services.lab.runs.logs import LogCatcher
from services.lab.runs.traffic import Asked, Session
from services.wiring import System

_EXPORT_NS = 60 * 10**9
"""The OpenTelemetry SDK's own interval between two exports of metrics."""


@dataclass(frozen=True, slots=True)
class Answered:
    """One request of a pass: what it ran under, what came of it, and the spans of its trace."""

    asked: Asked
    trace_id: str
    active: tuple[ActiveFault, ...]
    outcome: Outcome
    spans: tuple[SpanRecord, ...]


@dataclass(frozen=True, slots=True)
class Pass:
    """All of a pass; requests by their numbers in the run."""

    answered: Mapping[int, Answered]
    metrics: Sequence[MetricRecord] = ()
    logs: Sequence[LogRecord] = ()


@dataclass(slots=True)
class SpanCollector:
    """Keeps finished spans by trace until a pass is over; ``add`` is a telemetry sink."""

    _traces: dict[str, list[SpanRecord]] = field(default_factory=dict)

    def add(self, span: SpanRecord) -> None:
        """Keep a span."""
        self._traces.setdefault(span.trace_id, []).append(span)

    def take(self, trace_id: str) -> tuple[SpanRecord, ...]:
        """Hand out a trace's spans in the order in which they ended, and forget them."""
        return tuple(self._traces.pop(trace_id, ()))

    def clear(self) -> None:
        """Forget everything, e.g. spans that belong to no request."""
        self._traces.clear()


class Measured:
    """The metrics of a pass, read at every full minute of its clock, as an exporter does."""

    def __init__(self, system: System, began_ns: int) -> None:
        self._system = system
        self._since_ns = began_ns
        self._records: list[MetricRecord] = []

    async def every_minute(self) -> None:
        """Read them minute by minute, until cancelled."""
        clock = self._system.clock
        while True:
            await clock.sleep((_EXPORT_NS - clock.now_ns() % _EXPORT_NS) / 1e9)
            self._read()

    def take(self) -> Sequence[MetricRecord]:
        """Read what came since the last full minute, and return everything."""
        self._read()
        return self._records

    def _read(self) -> None:
        now_ns = self._system.clock.now_ns()
        self._records += self._system.telemetries.collect(self._since_ns, now_ns)
        self._since_ns = now_ns


class Passer:
    """Asks sessions of a system; ``run`` names the run in trace ids."""

    def __init__(
        self, system: System, plan: DecidedPlan, spans: SpanCollector, logs: LogCatcher, run: str
    ) -> None:
        self._system = system
        self._plan = plan
        self._spans = spans
        self._logs = logs
        self._run = run

    async def ask(self, way: int, sessions: Iterable[Session], plan: FaultPlan) -> Pass:
        """Ask all sessions, each at its times, and return the pass.

        ``way`` is the pass's place among those of the run; ids follow from it.
        """
        system = self._system
        self._plan.begin(plan)
        self._spans.clear()
        self._logs.take()
        system.telemetries.forget()
        # What was said in a pass follows from its sessions, not from what a process ran before.
        system.workflow.forget()
        began = system.clock.now_ns()
        system.telemetries.collect(began, began)
        answered: dict[int, Answered] = {}
        measured = Measured(system, began)
        exporting = asyncio.create_task(measured.every_minute())
        try:
            async with asyncio.TaskGroup() as group:
                for session in sessions:
                    group.create_task(self._session(way, session, answered))
        finally:
            exporting.cancel()
        metrics = measured.take()
        ordered = {number: answered[number] for number in sorted(answered)}
        return Pass(ordered, metrics, self._logs.take())

    async def _session(self, way: int, session: Session, answered: dict[int, Answered]) -> None:
        key = f"session-{trace_id_for(self._run, f'{way}.{session.number}.session')[:16]}"
        for asked in session.requests:
            # Nobody asks the next question before having read the last answer.
            clock = self._system.clock
            await clock.sleep(max(0, asked.at_ns - clock.now_ns()) / 1e9)
            answered[asked.number] = await self._one(way, key, session.user, asked)

    async def _one(self, way: int, session_id: str, user: str, asked: Asked) -> Answered:
        system = self._system
        trace_id = trace_id_for(self._run, f"{way}.{asked.number}")
        active = self._plan.decide(Luck(asked.seed), asked.at_ns)
        question = Question(asked.item.text, session_id=session_id, user_id=user, seed=asked.seed)
        headers = {
            **question.headers(),
            TRACE_HEADER: trace_id,
            "X-Request-Id": f"req-{trace_id[:16]}",
        }
        began = system.clock.now_ns()
        try:
            response = await system.client.post(
                "/v1/ask", json=question.body(stream=False), headers=headers
            )
            status, body = response.status_code, response.json()
        except (httpx.HTTPError, ValueError):
            status, body = 503, {}
        elapsed_ms = (system.clock.now_ns() - began) / 1e6
        answer = body if status == 200 and isinstance(body, dict) else {}
        spans = self._spans.take(trace_id)
        outcome = outcome_of(asked.item, asked.seed, status, elapsed_ms, answer, spans)
        return Answered(asked, trace_id, active, outcome, spans)
