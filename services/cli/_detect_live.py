"""``stillgreen detect --follow``: alarms as they come, until Ctrl-C."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import sys
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from services.cli._detect_report import alarm_json, print_alarm, print_summary, summary_json
from services.cli._output import err

if TYPE_CHECKING:
    from observability.clock import Clock
    from observability.detectors.rule import Alarm, Rule
    from services.lab.detecting.detected import Detected
    from services.lab.detecting.live import LiveStatus, LiveWatch

EVERY = 0.5
"""Seconds between two looks."""

_LOOK = "stillgreen trace ID"


async def follow(
    live: LiveWatch,
    clock: Clock,
    as_json: bool,
    seconds: float | None = None,
    every_rule: Mapping[str, Rule] | None = None,
) -> Detected:
    """Tell alarms as they come until a signal ends it, or for some seconds."""
    from services.lab.detecting.detected import detected  # noqa: PLC0415

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        with contextlib.suppress(NotImplementedError):  # not on Windows: then it ends at once
            loop.add_signal_handler(number, stop.set)
    line = _StatusLine()
    told: list[Alarm] = []
    until = None if seconds is None else clock.now_ns() + round(seconds * 1e9)
    while not stop.is_set() and (until is None or clock.now_ns() < until):
        told += _tell(live.step(clock.now_ns()), as_json, line)
        line.show(live.status)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), EVERY)
    told += _tell(live.finish(clock.now_ns()), as_json, line)
    line.clear()
    return detected(live.watch, told, every_rule)


def tell_end(found: Detected, status: LiveStatus, as_json: bool) -> None:
    """Write what it came to."""
    if as_json:
        counts = {"others": status.others, "incomplete": status.incomplete}
        _print_line({"type": "summary", **summary_json(found), **counts})
        return
    print_summary(found, _LOOK)
    if status.incomplete:
        err().print(f"{status.incomplete} traces never became whole and count as they are.")


def _tell(alarms: Sequence[Alarm], as_json: bool, line: _StatusLine) -> Sequence[Alarm]:
    if alarms:
        line.clear()
    for alarm in alarms:
        if as_json:
            _print_line({"type": "alarm", **alarm_json(alarm, _LOOK)})
        else:
            print_alarm(alarm)
    return alarms


def _print_line(value: object) -> None:
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


class _StatusLine:
    """One line at the bottom of a terminal that is written anew; nothing anywhere else."""

    def __init__(self) -> None:
        self._console = err()
        self._shown = ""

    def show(self, status: LiveStatus) -> None:
        text = (
            f"{status.requests} requests seen, {status.speaking} of {status.rules} rules speak,"
            f" {status.alarms} alarms" + (f", {status.waiting} under way" if status.waiting else "")
        )
        if self._console.is_terminal and not self._console.is_dumb_terminal and text != self._shown:
            self.clear()
            # Without an end of line, so that it can be written over.
            self._console.file.write(text[: self._console.width - 1])
            self._console.file.flush()
            self._shown = text

    def clear(self) -> None:
        if self._shown:
            self._console.file.write("\r\x1b[2K")
            self._console.file.flush()
            self._shown = ""
