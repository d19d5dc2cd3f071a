"""A small OTLP/HTTP receiver on a loopback port, for tests of what is really sent."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)

from observability.recording import SpanRecord
from observability.recording.otlp import from_request


class Received:
    """What has come in so far."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.spans: list[SpanRecord] = []
        self.metrics: set[str] = set()
        self.headers: list[dict[str, str]] = []
        self.statuses: list[int] = []


@contextmanager
def otlp_receiver(statuses: Sequence[int] = ()) -> Iterator[Received]:
    """Run a receiver; ``url`` is what OTEL_EXPORTER_OTLP_ENDPOINT would be set to.

    Its first answers have these ``statuses``, all others 200; what is answered
    otherwise is not taken, and may be sent again at once.
    """
    ahead = list(statuses)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            status = ahead.pop(0) if ahead else 200
            received.statuses.append(status)
            if status != 200:
                self.send_response(status)
                self.send_header("retry-after", "0")
                self.send_header("content-length", "0")
                self.end_headers()
                return
            received.headers.append({k.lower(): v for k, v in self.headers.items()})
            if self.path == "/v1/traces":
                received.spans.extend(from_request(body))
            elif self.path == "/v1/metrics":
                request = ExportMetricsServiceRequest.FromString(body)
                received.metrics |= {
                    metric.name
                    for resource in request.resource_metrics
                    for scope in resource.scope_metrics
                    for metric in scope.metrics
                }
            self.send_response(200)
            self.send_header("content-type", "application/x-protobuf")
            self.send_header("content-length", "0")
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    received = Received(f"http://127.0.0.1:{server.server_port}")
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield received
    finally:
        server.shutdown()
        server.server_close()
