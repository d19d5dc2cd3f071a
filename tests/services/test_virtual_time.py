"""Virtual time is exact, ordered and shut off from the real world."""

from __future__ import annotations

import asyncio
import time

import pytest

from services.errors import VirtualTimeError
from services.virtual_time import VirtualClock, VirtualTimeLoop, run_virtual

START = 1_782_777_600_000_000_000
HOUR = 3600.0


def test_an_hour_passes_at_once() -> None:
    clock = VirtualClock(START)

    async def sleep() -> int:
        await clock.sleep(HOUR)
        return clock.now_ns()

    before = time.monotonic()
    assert run_virtual(sleep(), START) == START + 3600 * 10**9
    assert time.monotonic() - before < 1


def test_timers_of_one_instant_fire_in_the_order_of_scheduling() -> None:
    async def many() -> list[int]:
        order: list[int] = []
        loop = asyncio.get_running_loop()
        for number in range(200):
            loop.call_later(0.3 if number % 2 else 0.1 + 0.2, order.append, number)
        await asyncio.sleep(1)
        return order

    assert run_virtual(many()) == list(range(200))


def test_a_duration_does_not_depend_on_when_it_begins() -> None:
    clock = VirtualClock(START)

    async def measure(offset: float) -> int:
        await clock.sleep(offset)
        begin = clock.now_ns()
        for _ in range(10):
            await clock.sleep(0.0123456789)
        return clock.now_ns() - begin

    assert {run_virtual(measure(offset)) for offset in (0.0, 0.7, 86_400.3, 5e5)} == {123_456_790}


def test_a_timeout_ends_a_wait_at_its_own_time() -> None:
    clock = VirtualClock(0)

    async def impatient() -> int:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5):
                await clock.sleep(50)
        return clock.now_ns()

    assert run_virtual(impatient()) == 5 * 10**9


def test_concurrent_sleepers_interleave_by_time() -> None:
    clock = VirtualClock(0)

    async def main() -> list[str]:
        seen: list[str] = []

        async def sleeper(name: str, step: float) -> None:
            for _ in range(3):
                await clock.sleep(step)
                seen.append(name)

        await asyncio.gather(sleeper("slow", 0.3), sleeper("fast", 0.2))
        return seen

    assert run_virtual(main()) == ["fast", "slow", "fast", "slow", "fast", "slow"]


def test_outside_of_a_loop_the_clock_stands_at_its_start() -> None:
    assert VirtualClock(START).now_ns() == START


def test_a_thread_is_refused() -> None:
    with pytest.raises(VirtualTimeError, match="thread"):
        run_virtual(asyncio.to_thread(print))


def test_a_socket_is_refused() -> None:
    with pytest.raises(VirtualTimeError, match="connection"):
        run_virtual(asyncio.open_connection("127.0.0.1", 9))


def test_waiting_for_what_can_never_happen_is_an_error() -> None:
    async def forever() -> None:
        await asyncio.Event().wait()

    with pytest.raises(VirtualTimeError, match="never"):
        run_virtual(forever())


def test_time_that_begins_anew_gives_the_same_times_again() -> None:
    loop = VirtualTimeLoop(100)

    async def work() -> list[int]:
        await asyncio.sleep(1.5)
        return [loop.now_ns(), round(loop.time() * 10)]

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        first = runner.run(work())
        loop.restart(100)
        assert runner.run(work()) == first
        loop.restart(7_000)
        assert runner.run(work()) == [1_500_007_000, 15]


def test_time_does_not_begin_anew_while_something_waits_for_it() -> None:
    loop = VirtualTimeLoop()

    async def leave_something() -> None:
        loop.call_later(5, print)

    with asyncio.Runner(loop_factory=lambda: loop) as runner:
        runner.run(leave_something())
        with pytest.raises(VirtualTimeError, match="still scheduled"):
            loop.restart(0)
