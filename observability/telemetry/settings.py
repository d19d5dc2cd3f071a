"""What telemetry is told, already read from the environment by whoever starts the service."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class TelemetrySettings:
    """The standard ``OTEL_*`` variables as values, and the content policy's settings.

    ``endpoint`` is the base URL (``OTEL_EXPORTER_OTLP_ENDPOINT``); the signal's
    own endpoint, if given, is used as it stands. Nothing is exported without an
    endpoint. ``exporter`` values are ``otlp``, ``console`` or ``none``; times
    are seconds, ``content_limit`` is characters.
    """

    disabled: bool = False  # OTEL_SDK_DISABLED
    traces_exporter: str = "otlp"  # OTEL_TRACES_EXPORTER
    metrics_exporter: str = "otlp"  # OTEL_METRICS_EXPORTER
    endpoint: str | None = None  # OTEL_EXPORTER_OTLP_ENDPOINT
    traces_endpoint: str | None = None  # OTEL_EXPORTER_OTLP_TRACES_ENDPOINT
    metrics_endpoint: str | None = None  # OTEL_EXPORTER_OTLP_METRICS_ENDPOINT
    headers: Mapping[str, str] = field(default_factory=dict)  # OTEL_EXPORTER_OTLP_HEADERS
    protocol: str = "http/protobuf"  # OTEL_EXPORTER_OTLP_PROTOCOL
    timeout: float = 3.0  # OTEL_EXPORTER_OTLP_TIMEOUT
    metric_interval: float = 15.0  # OTEL_METRIC_EXPORT_INTERVAL
    service_name_prefix: str = "stillgreen"  # OTEL_SERVICE_NAME
    resource_attributes: Mapping[str, str] = field(default_factory=dict)  # OTEL_RESOURCE_ATTRIBUTES
    environment: str = "local"
    version: str = "0.1.0"
    # OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT; None when it is unset
    capture_content: bool | None = None
    content_limit: int = 8_000
    # Metrics count from one look to the next, and leave out what never repeats: the process's own.
    repeatable_metrics: bool = False
