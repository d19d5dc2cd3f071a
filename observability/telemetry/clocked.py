"""A tracer provider whose spans start, end and tell events by our clock."""

from __future__ import annotations

import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from opentelemetry import trace
from opentelemetry.context import Context
from opentelemetry.trace import Link, Span, SpanContext, SpanKind, Status, StatusCode, Tracer
from opentelemetry.util.types import Attributes, AttributeValue

from observability.clock import Clock
from observability.telemetry import semconv
from observability.telemetry.content import cut, mask
from observability.telemetry.identity import SeededIds

_STACK_LIMIT = 6_000
_NOT_FOUND = 404


class ClockedSpan(Span):
    """A span that asks our clock whenever the SDK would ask the machine's."""

    __slots__ = ("_clock", "_span")

    def __init__(self, span: Span, clock: Clock) -> None:
        self._span = span
        self._clock = clock

    def end(self, end_time: int | None = None) -> None:
        self._span.end(self._clock.now_ns() if end_time is None else end_time)

    def get_span_context(self) -> SpanContext:
        return self._span.get_span_context()

    def set_attributes(self, attributes: Any) -> None:
        self._span.set_attributes(attributes)

    def set_attribute(self, key: str, value: AttributeValue) -> None:
        self._span.set_attribute(key, value)

    def add_event(
        self, name: str, attributes: Attributes = None, timestamp: int | None = None
    ) -> None:
        self._span.add_event(
            name, attributes, self._clock.now_ns() if timestamp is None else timestamp
        )

    def update_name(self, name: str) -> None:
        self._span.update_name(name)

    def is_recording(self) -> bool:
        return self._span.is_recording()

    def set_status(self, status: Status | StatusCode, description: str | None = None) -> None:
        if isinstance(status, Status) and status.description:
            status = Status(status.status_code, mask(status.description))
        if self._found_nothing():
            return
        self._span.set_status(status, mask(description) if description else None)

    def _found_nothing(self) -> bool:
        """Tell whether this is a call that was answered with 404.

        To a look-up that is an answer and no failure; the HTTP conventions let
        an instrumentation that knows so leave the status unset.
        """
        attributes = getattr(self._span, "attributes", None) or {}
        return bool(attributes.get(semconv.HTTP_RESPONSE_STATUS_CODE) == _NOT_FOUND)

    def record_exception(
        self,
        exception: BaseException,
        attributes: Attributes = None,
        timestamp: int | None = None,
        escaped: bool = False,
    ) -> None:
        # Written here and not by the SDK, because messages may quote what was read.
        stack = "".join(traceback.format_exception(exception))
        self.add_event(
            semconv.EVENT_EXCEPTION,
            {
                semconv.EXCEPTION_TYPE: type(exception).__qualname__,
                semconv.EXCEPTION_MESSAGE: mask(str(exception)),
                semconv.EXCEPTION_STACKTRACE: cut(mask(stack), _STACK_LIMIT),
                **(attributes or {}),
            },
            timestamp,
        )

    def __getattr__(self, name: str) -> Any:
        # The instrumentations read what only an SDK span has, e.g. name, kind and attributes.
        return getattr(self._span, name)


class ClockedTracer(Tracer):
    """A tracer that starts clocked spans."""

    def __init__(self, tracer: Tracer, clock: Clock, ids: SeededIds | None) -> None:
        self._tracer = tracer
        self._clock = clock
        self._ids = ids

    def start_span(
        self,
        name: str,
        context: Context | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
        attributes: Attributes = None,
        links: Sequence[Link] | None = None,
        start_time: int | None = None,
        record_exception: bool = True,
        set_status_on_exception: bool = True,
    ) -> Span:
        if self._ids is not None:
            self._ids.expect(trace.get_current_span(context).get_span_context(), name)
        span = self._tracer.start_span(
            name,
            context,
            kind,
            attributes,
            links,
            self._clock.now_ns() if start_time is None else start_time,
            record_exception,
            set_status_on_exception,
        )
        return ClockedSpan(span, self._clock)

    @contextmanager
    def _start_as_current_span(self, *args: Any, **kwargs: Any) -> Iterator[Span]:
        end_on_exit = kwargs.pop("end_on_exit", True)
        span = self.start_span(*args, **kwargs)
        with trace.use_span(
            span,
            end_on_exit,
            kwargs.get("record_exception", True),
            kwargs.get("set_status_on_exception", True),
        ):
            yield span

    def start_as_current_span(self, *args: Any, **kwargs: Any) -> Any:
        return self._start_as_current_span(*args, **kwargs)


class ClockedTracerProvider(trace.TracerProvider):
    """Decorates a tracer provider, so that our clock and our ids reach the instrumentations too."""

    def __init__(
        self, provider: trace.TracerProvider, clock: Clock, ids: SeededIds | None = None
    ) -> None:
        self._provider = provider
        self._clock = clock
        self._ids = ids

    def get_tracer(
        self,
        instrumenting_module_name: str,
        instrumenting_library_version: str | None = None,
        schema_url: str | None = None,
        attributes: Attributes = None,
    ) -> Tracer:
        tracer = self._provider.get_tracer(
            instrumenting_module_name, instrumenting_library_version, schema_url, attributes
        )
        return ClockedTracer(tracer, self._clock, self._ids)
