"""Exporters as the standard variables ask for them, behind a guard that keeps them quiet."""

from __future__ import annotations

import importlib
import logging
import sys
import time
from collections.abc import Sequence
from typing import Any
from urllib.parse import urlsplit

from opentelemetry.sdk.metrics.export import (
    ConsoleMetricExporter,
    MetricExporter,
    MetricExportResult,
    MetricReader,
    MetricsData,
    PeriodicExportingMetricReader,
)
from opentelemetry.sdk.trace import ReadableSpan, SpanProcessor
from opentelemetry.sdk.trace.export import (
    BatchSpanProcessor,
    ConsoleSpanExporter,
    SimpleSpanProcessor,
    SpanExporter,
    SpanExportResult,
)

from observability.telemetry.errors import TelemetrySettingsError
from observability.telemetry.settings import TelemetrySettings

_log = logging.getLogger(__name__)

_QUEUE = 16_384  # spans: about 400 questions wait here, then the newest are dropped
_BATCH = 512
_DELAY_MS = 1_000.0
_PAUSE = 15.0  # seconds without a try after an export failed
_NAMES = ("otlp", "console", "none")

_failed_at: dict[str, float] = {}
"""When an export to a host last failed: one process asks an unreachable host once, not 8 times."""


class _Guard:
    """Pauses exports to a host that does not answer, and says so once."""

    def __init__(self, what: str, endpoint: str) -> None:
        self._what = what
        self._endpoint = endpoint
        self._host = urlsplit(endpoint).netloc or endpoint

    def closed(self) -> bool:
        failed = _failed_at.get(self._host)
        return failed is not None and time.monotonic() - failed < _PAUSE

    def report(self, succeeded: bool) -> None:
        if succeeded:
            if _failed_at.pop(self._host, None) is not None:
                _log.warning("%s reach %s again", self._what, self._endpoint)
            return
        if self._host not in _failed_at:
            _log.warning(
                "%s do not reach %s; they are dropped until it answers", self._what, self._endpoint
            )
        _failed_at[self._host] = time.monotonic()


class QuietSpanExporter(SpanExporter):
    """A span exporter that never raises, never logs twice and does not insist."""

    def __init__(self, inner: SpanExporter, endpoint: str) -> None:
        self._inner = inner
        self._guard = _Guard("spans", endpoint)

    def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
        if self._guard.closed():
            return SpanExportResult.FAILURE
        try:
            result = self._inner.export(spans)
        except Exception:  # whatever a transport raises, the application goes on
            result = SpanExportResult.FAILURE
        self._guard.report(result is SpanExportResult.SUCCESS)
        return result

    def shutdown(self) -> None:
        self._inner.shutdown()

    def force_flush(self, timeout_millis: int = 30_000) -> bool:
        return self._inner.force_flush(timeout_millis)


class QuietMetricExporter(MetricExporter):
    """The same for metrics."""

    def __init__(self, inner: MetricExporter, endpoint: str) -> None:
        super().__init__(
            preferred_temporality=inner._preferred_temporality,
            preferred_aggregation=inner._preferred_aggregation,
        )
        self._inner = inner
        self._guard = _Guard("metrics", endpoint)

    def export(
        self, metrics_data: MetricsData, timeout_millis: float = 10_000, **kwargs: Any
    ) -> MetricExportResult:
        if self._guard.closed():
            return MetricExportResult.FAILURE
        try:
            result = self._inner.export(metrics_data, timeout_millis, **kwargs)
        except Exception:  # as above
            result = MetricExportResult.FAILURE
        self._guard.report(result is MetricExportResult.SUCCESS)
        return result

    def shutdown(self, timeout_millis: float = 30_000, **kwargs: Any) -> None:
        self._inner.shutdown(timeout_millis, **kwargs)

    def force_flush(self, timeout_millis: float = 10_000) -> bool:
        return self._inner.force_flush(timeout_millis)


def span_processors(settings: TelemetrySettings) -> list[SpanProcessor]:
    """Return what exports spans: nothing, the console, or a bounded batch over OTLP.

    Raises ``TelemetrySettingsError`` for an exporter or a protocol that does not exist.
    """
    processors: list[SpanProcessor] = []
    for name in _chosen("OTEL_TRACES_EXPORTER", settings.traces_exporter):
        if name == "console":
            processors.append(SimpleSpanProcessor(ConsoleSpanExporter(out=sys.stderr)))
        endpoint = _endpoint(settings, settings.traces_endpoint, "traces")
        if name == "otlp" and endpoint:
            exporter = _otlp(settings, endpoint, "trace_exporter", "OTLPSpanExporter")
            processors.append(
                BatchSpanProcessor(
                    QuietSpanExporter(exporter, endpoint),
                    max_queue_size=_QUEUE,
                    schedule_delay_millis=_DELAY_MS,
                    max_export_batch_size=_BATCH,
                )
            )
    return processors


def metric_readers(settings: TelemetrySettings) -> list[MetricReader]:
    """Return what exports metrics at an interval; errors as ``span_processors``."""
    readers: list[MetricReader] = []
    for name in _chosen("OTEL_METRICS_EXPORTER", settings.metrics_exporter):
        exporter: MetricExporter | None = None
        if name == "console":
            exporter = ConsoleMetricExporter(out=sys.stderr)
        endpoint = _endpoint(settings, settings.metrics_endpoint, "metrics")
        if name == "otlp" and endpoint:
            inner = _otlp(settings, endpoint, "metric_exporter", "OTLPMetricExporter")
            exporter = QuietMetricExporter(inner, endpoint)
        if exporter is not None:
            readers.append(
                PeriodicExportingMetricReader(
                    exporter, export_interval_millis=settings.metric_interval * 1000
                )
            )
    return readers


def _chosen(variable: str, value: str) -> list[str]:
    names = [name.strip().lower() for name in value.split(",") if name.strip()]
    for name in names:
        if name not in _NAMES:
            raise TelemetrySettingsError(f"{variable} is {name!r}; it can be otlp, console or none")
    return names


def _endpoint(settings: TelemetrySettings, own: str | None, signal: str) -> str | None:
    if own:
        return own
    if not settings.endpoint:
        return None
    if settings.protocol == "grpc":
        return settings.endpoint
    return f"{settings.endpoint.rstrip('/')}/v1/{signal}"


def _otlp(settings: TelemetrySettings, endpoint: str, module: str, name: str) -> Any:
    # The exporters tell of every failed try; the guard tells once.
    for logger in ("opentelemetry.exporter", "opentelemetry.sdk._shared_internal"):
        logging.getLogger(logger).setLevel(logging.CRITICAL + 1)
    headers = dict(settings.headers) or None
    if settings.protocol == "http/protobuf":
        http = importlib.import_module(f"opentelemetry.exporter.otlp.proto.http.{module}")
        return getattr(http, name)(endpoint=endpoint, headers=headers, timeout=settings.timeout)
    if settings.protocol != "grpc":
        raise TelemetrySettingsError(
            f"OTEL_EXPORTER_OTLP_PROTOCOL is {settings.protocol!r};"
            " it can be http/protobuf (port 4318) or grpc (port 4317)"
        )
    try:
        grpc = importlib.import_module(f"opentelemetry.exporter.otlp.proto.grpc.{module}")
    except ImportError as error:
        raise TelemetrySettingsError(
            "OTEL_EXPORTER_OTLP_PROTOCOL is grpc, whose exporter is not installed: install"
            " opentelemetry-exporter-otlp-proto-grpc, or use http/protobuf (port 4318)"
        ) from error
    return getattr(grpc, name)(
        endpoint=endpoint,
        insecure=not endpoint.startswith("https://"),
        headers={key.lower(): value for key, value in settings.headers.items()} or None,
        timeout=settings.timeout,
    )
