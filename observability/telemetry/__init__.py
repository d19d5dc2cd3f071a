"""OpenTelemetry as the application uses it: spans, metrics, content policy, names."""

from observability.telemetry.content import ContentPolicy, mask
from observability.telemetry.identity import SeededIds, trace_id_for
from observability.telemetry.settings import TelemetrySettings
from observability.telemetry.telemetry import SpanHandle, Telemetry

__all__ = [
    "ContentPolicy",
    "SeededIds",
    "SpanHandle",
    "Telemetry",
    "TelemetrySettings",
    "mask",
    "trace_id_for",
]
