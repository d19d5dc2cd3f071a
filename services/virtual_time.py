"""Virtual time: an asyncio loop that never waits but jumps to the next timer.

Time is counted in whole nanoseconds, so that a duration does not depend on
when it begins. Timers of the same instant fire in the order in which they
were scheduled. Threads and sockets have no place in virtual time, since they
finish whenever they like; asking for one is an error.
"""

from __future__ import annotations

import asyncio
import contextvars
import heapq
import selectors
import threading
from collections.abc import Callable, Coroutine
from typing import Any, NoReturn, TypeVar

from services.errors import VirtualTimeError

T = TypeVar("T")

_NS = 1_000_000_000


class VirtualClock:
    """The clock of a virtual loop; outside of one it stands at its start."""

    def __init__(self, start_ns: int) -> None:
        self._start_ns = start_ns

    def now_ns(self) -> int:
        loop = asyncio._get_running_loop()
        return loop.now_ns() if isinstance(loop, VirtualTimeLoop) else self._start_ns

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


def run_virtual(coro: Coroutine[Any, Any, T], start_ns: int = 0) -> T:
    """Run a coroutine to its end in virtual time that begins at ``start_ns``.

    ``start_ns`` is nanoseconds since the Unix epoch. Raises
    ``VirtualTimeError`` when nothing is left that could wake the coroutine.
    """
    with asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(start_ns)) as runner:
        return runner.run(coro)


class _Timer(asyncio.TimerHandle):
    """A timer with an exact time and a place in the order of scheduling."""

    def __init__(
        self,
        when: tuple[int, int],
        callback: Callable[..., object],
        args: tuple[Any, ...],
        loop: asyncio.AbstractEventLoop,
        context: contextvars.Context | None,
    ) -> None:
        super().__init__(when[0] / _NS, callback, args, loop, context)
        self.when_ns, self.order = when

    def __hash__(self) -> int:
        return hash((self.when_ns, self.order))

    def __eq__(self, other: object) -> bool:
        return self is other

    def __lt__(self, other: asyncio.TimerHandle) -> bool:
        if not isinstance(other, _Timer):
            return NotImplemented
        return (self.when_ns, self.order) < (other.when_ns, other.order)


class _JumpingSelector(selectors.SelectSelector):
    """A selector whose waiting is done by moving the loop's time."""

    loop: VirtualTimeLoop

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            _refuse("nothing is scheduled, and what is awaited can never happen")
        if timeout > 0:
            self.loop.jump()
        return []


def _refuse(what: str) -> NoReturn:
    raise VirtualTimeError(
        f"virtual time: {what}. Call it in line, or run in real time "
        "(`stillgreen up` or `stillgreen serve`)."
    )


def _refusal(what: str) -> Any:
    """Return a method that refuses; a plain one, so that it fails when it is called."""

    def refuse(*_args: Any, **_kwargs: Any) -> NoReturn:
        _refuse(what)

    return refuse


class VirtualTimeLoop(asyncio.SelectorEventLoop):
    """An event loop in virtual time that starts at a given instant."""

    def __init__(self, start_ns: int = 0) -> None:
        selector = _JumpingSelector()
        selector.loop = self
        self._start_ns = start_ns
        self._elapsed_ns = 0
        self._order = 0
        self._owner = threading.get_ident()
        super().__init__(selector)
        # The base class fires what is due within its resolution; below one
        # nanosecond that is exactly the timers of this instant.
        self._clock_resolution = 0.4e-9

    def now_ns(self) -> int:
        """Return the virtual time in nanoseconds since the Unix epoch."""
        return self._start_ns + self._elapsed_ns

    def time(self) -> float:
        return self._elapsed_ns / _NS

    def restart(self, start_ns: int) -> None:
        """Let time begin anew at an instant, so that what runs next knows nothing of before.

        Raises ``VirtualTimeError`` if something still waits for its time.
        """
        timers: list[_Timer] = self._scheduled  # type: ignore[attr-defined]
        if self._ready or any(not timer.cancelled() for timer in timers):  # type: ignore[attr-defined]
            _refuse("it cannot begin anew while something is still scheduled")
        for timer in timers:
            timer._scheduled = False  # type: ignore[attr-defined]
        timers.clear()
        self._timer_cancelled_count = 0
        self._start_ns, self._elapsed_ns, self._order = start_ns, 0, 0

    def jump(self) -> None:
        """Move to the next timer."""
        timers: list[_Timer] = self._scheduled  # type: ignore[attr-defined]
        self._elapsed_ns = max(self._elapsed_ns, timers[0].when_ns)

    def call_later(  # type: ignore[override]  # the stub's argument types vary by version
        self,
        delay: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        when_ns = self._elapsed_ns + max(0, round(delay * _NS))
        return self._schedule(when_ns, callback, args, context)

    def call_at(  # type: ignore[override]  # the stub's argument types vary by version
        self,
        when: float,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.TimerHandle:
        return self._schedule(round(when * _NS), callback, args, context)

    def _schedule(
        self,
        when_ns: int,
        callback: Callable[..., object],
        args: tuple[Any, ...],
        context: contextvars.Context | None,
    ) -> asyncio.TimerHandle:
        self._check_closed()  # type: ignore[attr-defined]
        self._order += 1
        timer = _Timer((when_ns, self._order), callback, args, self, context)
        heapq.heappush(self._scheduled, timer)  # type: ignore[attr-defined]
        timer._scheduled = True  # type: ignore[attr-defined]
        return timer

    def call_soon_threadsafe(  # type: ignore[override]  # the stub's argument types vary by version
        self,
        callback: Callable[..., object],
        *args: Any,
        context: contextvars.Context | None = None,
    ) -> asyncio.Handle:
        if threading.get_ident() != self._owner:
            _refuse("a thread wants to report its result")
        return self.call_soon(callback, *args, context=context)

    run_in_executor = _refusal("work was given to a thread")
    add_reader = _refusal("a socket or pipe should be read")
    add_writer = _refusal("a socket or pipe should be written")
    getaddrinfo = _refusal("a host name should be resolved for a connection")
    create_connection = _refusal("a network connection was asked for")
    create_server = _refusal("a network server was asked for")
    create_datagram_endpoint = _refusal("a network endpoint was asked for")
    create_unix_connection = _refusal("a socket connection was asked for")
    create_unix_server = _refusal("a socket server was asked for")
    sock_connect = _refusal("a socket connection was asked for")
    subprocess_exec = _refusal("another program should be run")
    subprocess_shell = _refusal("another program should be run")
