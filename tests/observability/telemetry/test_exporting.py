import logging
import socket
import time
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from observability.recording import SpanRecord
from observability.telemetry import (
    Telemetry,
    TelemetrySettings,
    TelemetrySettingsError,
    semconv,
)
from tests.observability.clocks import TickingClock
from tests.observability.contract import assert_contract
from tests.observability.otlp_receiver import otlp_receiver


def _closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def test_what_is_sent_is_what_is_recorded() -> None:
    recorded: list[SpanRecord] = []
    with otlp_receiver() as received:
        telemetry = Telemetry(
            "erp",
            TickingClock(),
            TelemetrySettings(endpoint=received.url, headers={"x-key": "secret"}),
            sinks=[recorded.append],
        )
        with telemetry.span("invoke_agent finance", {semconv.AGENT_PATH: ["a", "b"]}) as span:
            span.event(semconv.EVENT_FALLBACK, {semconv.FALLBACK_REASON: "empty"})
            with telemetry.span("execute_tool get_invoice", {semconv.TOOL_FOUND: True}):
                pass
        telemetry.shutdown()
    assert received.spans == recorded
    assert_contract(received.spans)
    assert semconv.METRIC_PROCESS_MEMORY_USAGE in received.metrics
    assert all(headers["x-key"] == "secret" for headers in received.headers)


def test_grpc_is_spoken_where_it_is_asked_for() -> None:
    grpc = pytest.importorskip("grpc")
    service = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2_grpc")
    messages = pytest.importorskip("opentelemetry.proto.collector.trace.v1.trace_service_pb2")
    names: list[str] = []

    class Collector(service.TraceServiceServicer):  # type: ignore[misc]
        def Export(self, request: Any, context: object) -> Any:
            names.extend(
                span.name
                for resource in request.resource_spans
                for scope in resource.scope_spans
                for span in scope.spans
            )
            return messages.ExportTraceServiceResponse()

    server = grpc.server(ThreadPoolExecutor(1))
    service.add_TraceServiceServicer_to_server(Collector(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    try:
        settings = TelemetrySettings(
            endpoint=f"http://127.0.0.1:{port}", protocol="grpc", metrics_exporter="none"
        )
        telemetry = Telemetry("gateway", TickingClock(), settings)
        with telemetry.span("plan supervisor"):
            pass
        telemetry.shutdown()
    finally:
        server.stop(0)
    assert names == ["plan supervisor"]


def test_an_unreachable_endpoint_costs_nothing_and_is_told_once(
    caplog: pytest.LogCaptureFixture,
) -> None:
    recorded: list[SpanRecord] = []
    endpoint = f"http://127.0.0.1:{_closed_port()}"
    settings = TelemetrySettings(endpoint=endpoint, timeout=0.3)
    services = [
        Telemetry(name, TickingClock(), settings, sinks=[recorded.append])
        for name in ("gateway", "erp", "llm")
    ]
    with caplog.at_level(logging.DEBUG):
        begin = time.perf_counter()
        for number in range(2_000):
            with services[number % 3].span("s"):
                pass
        working = time.perf_counter() - begin
        for service in services:
            service.shutdown()
        ending = time.perf_counter() - begin - working
    assert len(recorded) == 2_000
    assert working < 1.5
    assert ending < 2.5
    told = [record for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(told) == 1
    assert endpoint in told[0].getMessage()


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        (TelemetrySettings(traces_exporter="zipkin"), "OTEL_TRACES_EXPORTER"),
        (TelemetrySettings(metrics_exporter="prometheus"), "OTEL_METRICS_EXPORTER"),
        (
            TelemetrySettings(endpoint="http://localhost:1", protocol="http/json"),
            "OTEL_EXPORTER_OTLP_PROTOCOL",
        ),
    ],
)
def test_a_setting_that_cannot_be_followed_names_its_variable(
    settings: TelemetrySettings, told: str
) -> None:
    with pytest.raises(TelemetrySettingsError, match=told):
        Telemetry("gateway", TickingClock(), settings)


def test_without_an_endpoint_nothing_is_exported() -> None:
    telemetry = Telemetry("gateway", TickingClock(), TelemetrySettings(traces_exporter="otlp"))
    with telemetry.span("s"):
        pass
    begin = time.perf_counter()
    telemetry.shutdown()
    assert time.perf_counter() - begin < 0.5


def test_the_console_exporter_writes_where_no_result_is_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    telemetry = Telemetry("gateway", TickingClock(), TelemetrySettings(traces_exporter="console"))
    with telemetry.span("plan supervisor"):
        pass
    telemetry.shutdown()
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "plan supervisor" in captured.err
