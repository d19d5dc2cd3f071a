"""Makes each service's telemetry from the settings."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from observability.clock import Clock
from observability.recording import SpanRecord
from observability.recording.records import MetricRecord
from observability.telemetry import SeededIds, Telemetry, TelemetrySettings
from services.errors import SettingsError
from services.settings import Settings

Sink = Callable[[SpanRecord], object]


class Telemetries:
    """The telemetries of the services in this process, one each.

    ``run`` makes trace and span ids repeatable: they follow from its name and
    from a span's place; without it the SDK draws them.
    """

    def __init__(
        self,
        settings: Settings,
        version: str,
        clock: Clock,
        sinks: Sequence[Sink] = (),
        run: str | None = None,
        repeatable_metrics: bool = False,
    ) -> None:
        self._settings = replace(
            telemetry_settings(settings, version), repeatable_metrics=repeatable_metrics
        )
        self._clock = clock
        self._sinks = tuple(sinks)
        self._run = run
        self._made: dict[str, Telemetry] = {}

    def of(self, service: str) -> Telemetry:
        """Return a service's telemetry, made at the first call."""
        if service not in self._made:
            ids = None if self._run is None else SeededIds(self._run, service)
            self._made[service] = Telemetry(
                service, self._clock, self._settings, sinks=self._sinks, ids=ids
            )
        return self._made[service]

    def collect(self, start_ns: int, time_ns: int) -> list[MetricRecord]:
        """Return what all services measured since the last call, see ``Telemetry.collect``."""
        return [
            record
            for _, telemetry in sorted(self._made.items())
            for record in telemetry.collect(start_ns, time_ns)
        ]

    def forget(self) -> None:
        """Let seeded ids be again those of a first time."""
        for telemetry in self._made.values():
            telemetry.forget()

    def shutdown(self) -> None:
        """Send what is waiting and stop."""
        for telemetry in self._made.values():
            telemetry.shutdown()


def telemetry_settings(settings: Settings, version: str) -> TelemetrySettings:
    """Return the OpenTelemetry part of the settings.

    Raises ``SettingsError`` for pairs that are not written as ``key=value``.
    """
    capture = settings.capture_content
    if capture is None and not settings.simulated_model:
        # Another model is real, and so may be what is asked of it.
        capture = False
    defaults = TelemetrySettings()
    return TelemetrySettings(
        disabled=settings.otel_sdk_disabled,
        traces_exporter=settings.otel_traces_exporter,
        metrics_exporter=settings.otel_metrics_exporter,
        endpoint=settings.otel_exporter_otlp_endpoint or None,
        traces_endpoint=settings.otel_exporter_otlp_traces_endpoint or None,
        metrics_endpoint=settings.otel_exporter_otlp_metrics_endpoint or None,
        headers=_pairs("OTEL_EXPORTER_OTLP_HEADERS", settings.otel_exporter_otlp_headers),
        protocol=settings.otel_exporter_otlp_protocol,
        service_name_prefix=settings.otel_service_name or defaults.service_name_prefix,
        resource_attributes=_pairs("OTEL_RESOURCE_ATTRIBUTES", settings.otel_resource_attributes),
        version=version,
        capture_content=capture,
    )


def _pairs(variable: str, text: str) -> Mapping[str, str]:
    pairs: dict[str, str] = {}
    for piece in filter(None, (piece.strip() for piece in text.split(","))):
        key, equals, value = piece.partition("=")
        if not equals or not key.strip():
            raise SettingsError(
                f"{variable} holds {piece!r}, which is not key=value. Correct or unset it."
            )
        pairs[key.strip()] = value.strip()
    return pairs
