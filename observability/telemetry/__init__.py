"""OpenTelemetry as the application uses it: spans, metrics, content policy, names."""

from observability.telemetry.content import ContentPolicy, mask
from observability.telemetry.errors import TelemetryError, TelemetrySettingsError
from observability.telemetry.identity import SeededIds, trace_id_for
from observability.telemetry.settings import TelemetrySettings
from observability.telemetry.telemetry import SpanHandle, Telemetry
from observability.telemetry.totals import MetricTotal

__all__ = [
    "ContentPolicy",
    "MetricTotal",
    "SeededIds",
    "SpanHandle",
    "Telemetry",
    "TelemetryError",
    "TelemetrySettings",
    "TelemetrySettingsError",
    "mask",
    "trace_id_for",
]
