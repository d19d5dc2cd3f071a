"""Catches what the application logs during a run, in its time and with its spans."""

from __future__ import annotations

import logging

from opentelemetry import trace

from observability.clock import Clock
from observability.recording.records import LogRecord

_OURS = ("services", "agents", "corpus", "observability")


class LogCatcher(logging.Handler):
    """Turns log lines of the application into records, from a level on."""

    def __init__(self, clock: Clock, level: int = logging.INFO) -> None:
        super().__init__(level)
        self._clock = clock
        self._caught: list[LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, with the span that is open where it is written."""
        context = trace.get_current_span().get_span_context()
        self._caught.append(
            LogRecord(
                service=record.name,
                time_ns=self._clock.now_ns(),
                severity=record.levelname,
                body=record.getMessage(),
                trace_id=trace.format_trace_id(context.trace_id) if context.is_valid else None,
                span_id=trace.format_span_id(context.span_id) if context.is_valid else None,
            )
        )

    def take(self) -> list[LogRecord]:
        """Hand out what was caught, and forget it."""
        caught, self._caught = self._caught, []
        return caught

    def __enter__(self) -> LogCatcher:
        for name in _OURS:
            logging.getLogger(name).addHandler(self)
        return self

    def __exit__(self, *error: object) -> None:
        for name in _OURS:
            logging.getLogger(name).removeHandler(self)
