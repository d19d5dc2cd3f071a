"""What a service is handed to say what it does: spans, events, content and metrics."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from opentelemetry import context as otel_context
from opentelemetry import trace
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.sdk.metrics import (
    AlwaysOffExemplarFilter,
    MeterProvider,
    TraceBasedExemplarFilter,
)
from opentelemetry.sdk.metrics.export import InMemoryMetricReader
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanLimits, TracerProvider
from opentelemetry.sdk.trace.sampling import ALWAYS_ON
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from observability.clock import Clock
from observability.recording import RecordingSpanProcessor, SpanRecord
from observability.recording.records import MetricRecord
from observability.telemetry import semconv
from observability.telemetry.clocked import ClockedTracerProvider
from observability.telemetry.content import ContentPolicy, mask
from observability.telemetry.exporting import metric_readers, span_processors
from observability.telemetry.identity import SeededIds
from observability.telemetry.instruments import Instruments
from observability.telemetry.process import observe_process
from observability.telemetry.settings import TelemetrySettings
from observability.telemetry.span_metrics import SpanMetrics
from observability.telemetry.totals import DELTA, MetricTotal, read_records, read_totals

if TYPE_CHECKING:
    import fastapi
    import httpx

Scalar = str | bool | int | float
Value = Scalar | Sequence[str] | Sequence[int] | Sequence[float] | Mapping[str, object]
_SCOPE = "stillgreen"


class SpanHandle:
    """An open span. Use it as ``with telemetry.span(…) as span``; it ends with the block."""

    __slots__ = ("_policy", "_span", "_token")

    def __init__(self, span: Span, policy: ContentPolicy) -> None:
        self._span = span
        self._policy = policy

    @property
    def trace_id(self) -> str:
        """Return the trace's id, 32 hex characters."""
        return trace.format_trace_id(self._span.get_span_context().trace_id)

    @property
    def span_id(self) -> str:
        """Return the span's id, 16 hex characters."""
        return trace.format_span_id(self._span.get_span_context().span_id)

    @property
    def captures_content(self) -> bool:
        """Return whether ``content`` records anything here; ask before building a large text."""
        return self._span.is_recording() and self._policy.captures()

    def set(self, key: str, value: Value | None) -> None:
        """Set an attribute; None sets nothing, a mapping is written as JSON."""
        if value is not None:
            self._span.set_attribute(key, _plain(value))

    def update(self, attributes: Mapping[str, Value | None]) -> None:
        """Set several attributes."""
        plain = {key: _plain(value) for key, value in attributes.items() if value is not None}
        self._span.set_attributes(plain)

    def content(self, key: str, text: str | Callable[[], str]) -> None:
        """Set an attribute that holds content, masked and cut, if content is captured.

        A callable is asked for its text only in that case.
        """
        if self.captures_content:
            self._span.set_attribute(
                key, self._policy.prepare(text if isinstance(text, str) else text())
            )

    def event(self, name: str, attributes: Mapping[str, Value | None] | None = None) -> None:
        """Note that something happened now."""
        self._span.add_event(
            name, {k: _plain(v) for k, v in (attributes or {}).items() if v is not None}
        )

    def rename(self, name: str) -> None:
        """Change the span's name, e.g. once it is known which tool is called."""
        self._span.update_name(name)

    def error(self, exception: BaseException) -> None:
        """Mark the span as failed by an exception that is handled inside of it."""
        self._span.record_exception(exception)
        self._span.set_attribute(semconv.ERROR_TYPE, type(exception).__qualname__)
        self._span.set_status(
            Status(StatusCode.ERROR, f"{type(exception).__qualname__}: {mask(str(exception))}")
        )

    def __enter__(self) -> Self:
        self._token = otel_context.attach(trace.set_span_in_context(self._span))
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        exception: BaseException | None,
        stack: TracebackType | None,
    ) -> None:
        # A cancelled task or a closed generator is no error of the work inside.
        if isinstance(exception, Exception):
            self.error(exception)
        otel_context.detach(self._token)
        self._span.end()


def _plain(value: Value) -> Scalar | Sequence[str] | Sequence[float]:
    if isinstance(value, str | int | float):
        return value
    if isinstance(value, Mapping):
        return json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str)
    return value


class Telemetry:
    """One service's telemetry: its own providers, so that services in one process look separate.

    ``sinks`` get every finished span as a ``SpanRecord``. ``ids`` makes
    identifiers repeatable; without it the SDK draws them. Metrics follow from
    the spans (see ``SpanMetrics``), so nobody records those by hand;
    ``instruments`` is there for what no span says. Nothing is registered globally.

    The spans are written with the plain SDK and the names in ``semconv``.
    ``opentelemetry-util-genai`` was weighed and left out: it has no span for
    filter, rerank, context, safety or escalation, measures durations with the
    machine's timer rather than a clock that is passed in, and knows no mask.

    Raises ``TelemetrySettingsError`` for settings that cannot be followed.
    """

    def __init__(
        self,
        service: str,
        clock: Clock,
        settings: TelemetrySettings | None = None,
        *,
        sinks: Sequence[Callable[[SpanRecord], object]] = (),
        ids: SeededIds | None = None,
    ) -> None:
        settings = settings or TelemetrySettings()
        self.service = f"{settings.service_name_prefix}-{service}"
        self.clock = clock
        self.settings = settings
        self.policy = ContentPolicy(settings.capture_content, settings.content_limit)
        self._ids = ids
        self._seeded = ids is not None
        self._reader = (
            InMemoryMetricReader(DELTA) if settings.repeatable_metrics else InMemoryMetricReader()
        )
        self._provider: TracerProvider | None = None
        self._meters: MeterProvider | None = None
        if settings.disabled:
            self.tracer_provider: trace.TracerProvider = trace.NoOpTracerProvider()
            meter = NoOpMeterProvider().get_meter(_SCOPE)
            self.instruments = Instruments(meter)
        else:
            resource = resource_of(self.service, settings)
            exporting = metric_readers(settings)
            self._meters = MeterProvider(
                [self._reader, *exporting],
                resource,
                shutdown_on_exit=False,
                # An exemplar is of use to a backend only, and costs as much as its value.
                exemplar_filter=TraceBasedExemplarFilter()
                if exporting
                else AlwaysOffExemplarFilter(),
            )
            meter = self._meters.get_meter(_SCOPE, settings.version)
            self.instruments = Instruments(meter)
            if not settings.repeatable_metrics:
                observe_process(meter)
            self._provider = TracerProvider(
                resource=resource,
                sampler=ALWAYS_ON,  # a sample by error or latency would lose the silent failures
                shutdown_on_exit=False,
                id_generator=ids,
                span_limits=SpanLimits(max_span_attributes=256, max_events=256),
            )
            self._provider.add_span_processor(SpanMetrics(self.instruments))
            if sinks:
                self._provider.add_span_processor(RecordingSpanProcessor(self.service, *sinks))
            for processor in span_processors(settings):
                self._provider.add_span_processor(processor)
            self.tracer_provider = ClockedTracerProvider(self._provider, clock, ids)
        self._tracer = self.tracer_provider.get_tracer(_SCOPE, settings.version)

    @classmethod
    def in_memory(cls, service: str, clock: Clock) -> tuple[Telemetry, list[SpanRecord]]:
        """Return a telemetry and the list to which it appends each finished span."""
        spans: list[SpanRecord] = []
        return cls(service, clock, sinks=[spans.append]), spans

    def span(
        self,
        name: str,
        attributes: Mapping[str, Value | None] | None = None,
        kind: SpanKind = SpanKind.INTERNAL,
    ) -> SpanHandle:
        """Begin a span below the current one; an exception that leaves it marks it as ERROR."""
        plain = {k: _plain(v) for k, v in (attributes or {}).items() if v is not None}
        return SpanHandle(self._tracer.start_span(name, None, kind, plain), self.policy)

    def fictional(self, is_fictional: bool) -> AbstractContextManager[None]:
        """Say whether what is asked about inside, and the model asked, are both made up.

        It decides about content where no setting does.
        """
        return self.policy.fictional(is_fictional)

    def instrument_app(self, app: fastapi.FastAPI) -> None:
        """Give every request that the application serves a SERVER span of this service."""
        from observability.telemetry.http import instrument_app  # noqa: PLC0415 - heavy import

        instrument_app(app, self.tracer_provider, seeded=self._seeded)

    def instrument_client(self, client: httpx.AsyncClient) -> None:
        """Give every request that the client sends a CLIENT span of this service."""
        from observability.telemetry.http import instrument_client  # noqa: PLC0415 - heavy import

        instrument_client(client, self.tracer_provider)

    def totals(self) -> list[MetricTotal]:
        """Return what this service's metrics add up to so far."""
        return [] if self._meters is None else read_totals(self._reader)

    def collect(self, start_ns: int, time_ns: int) -> list[MetricRecord]:
        """Return what was measured since the last call, as from one of the two times to the other.

        With ``repeatable_metrics`` only; what did not happen meanwhile is left out.
        """
        if self._meters is None:
            return []
        return read_records(self._reader, self.service, start_ns, time_ns)

    def forget(self) -> None:
        """Forget which spans there were, so that seeded ids are again those of a first time."""
        if self._ids is not None:
            self._ids.forget()

    def flush(self) -> None:
        """Send the spans that are waiting, for about the exporter's timeout at most."""
        if self._provider is not None:
            self._provider.force_flush(int(self.settings.timeout * 1000))

    def shutdown(self) -> None:
        """Send what is waiting and stop; safe to call twice."""
        provider, self._provider = self._provider, None
        meters, self._meters = self._meters, None
        if provider is not None:
            provider.shutdown()
        if meters is not None:
            meters.shutdown()


def resource_of(service: str, settings: TelemetrySettings) -> Resource:
    """Return what every span of a service says of it; ``service`` is its whole name."""
    return Resource.create(
        {
            semconv.SERVICE_NAMESPACE: "stillgreen",
            semconv.SERVICE_VERSION: settings.version,
            semconv.DEPLOYMENT_ENVIRONMENT_NAME: settings.environment,
            **settings.resource_attributes,
            semconv.SERVICE_NAME: service,
        }
    )
