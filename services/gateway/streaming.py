"""An answer as server-sent events, from a workflow that reports its progress."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable

from agents.answer import Answer, Listener, Progress
from agents.errors import AgentError
from services.gateway.upstream import problem_of
from services.gateway.wire import AnswerOut
from services.problems import ProblemError, problem_body

Work = Callable[[Listener], Awaitable[Answer]]


def event(name: str, data: object) -> bytes:
    """Return one server-sent event with JSON data."""
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n".encode()


class AnswerStream:
    """The events of one question: ``step`` and ``delta``, then ``done`` or ``error``.

    A failure before anything was sent is raised by ``begin``, so that it still
    has a status of its own; a later one is an ``error`` event that holds the
    problem, and no ``done`` follows.
    """

    def __init__(self, work: Work, path: str, request_id: str) -> None:
        self._work = work
        self._path = path
        self._request_id = request_id
        self._news: asyncio.Queue[Progress | None] = asyncio.Queue()
        self._task: asyncio.Task[Answer] | None = None
        self._first: Progress | None = None

    async def begin(self) -> None:
        """Start working and wait for the first news, or raise what went wrong before it."""
        self._task = asyncio.create_task(self._run())
        self._first = await self._news.get()
        if self._first is None:
            await self._task

    async def events(self) -> AsyncIterator[bytes]:
        """Yield the events; leaving early stops the work."""
        if self._task is None:
            raise RuntimeError("the stream has not begun")
        try:
            progress = self._first
            while progress is not None:
                yield event(progress.kind, _shown(progress))
                progress = await self._news.get()
            try:
                answer = await self._task
            except AgentError as error:
                problem = problem_of(error)
                yield event("error", self._problem(problem))
            except Exception:
                problem = ProblemError(500, "The service failed on this request.")
                yield event("error", self._problem(problem))
            else:
                yield event("done", AnswerOut.of(answer).model_dump())
        finally:
            self._task.cancel()

    async def _run(self) -> Answer:
        try:
            return await self._work(self._hear)
        finally:
            self._news.put_nowait(None)

    async def _hear(self, progress: Progress) -> None:
        self._news.put_nowait(progress)

    def _problem(self, problem: ProblemError) -> dict[str, object]:
        return problem_body(problem.status, problem.detail, self._path, request_id=self._request_id)


def _shown(progress: Progress) -> dict[str, str]:
    if progress.kind == "delta":
        return {"text": progress.text}
    return {"agent": progress.agent, "text": progress.text}
