"""Instrumentation of FastAPI applications and httpx clients."""

from __future__ import annotations

import os
import re
from types import MethodType
from typing import Any

import fastapi
import httpx
from opentelemetry import context as otel_context
from opentelemetry.instrumentation.fastapi import FastAPIInstrumentor
from opentelemetry.instrumentation.httpx import HTTPXClientInstrumentor
from opentelemetry.metrics import NoOpMeterProvider
from opentelemetry.trace import Span, TracerProvider

from observability.telemetry import semconv
from observability.telemetry.identity import wanted_trace

TRACE_HEADER = "x-stillgreen-trace"
"""Carries the id that a request's trace shall have; heeded only where ids are seeded."""

SEED_HEADER = "x-stillgreen-seed"
"""Carries a request's seed; where ids are seeded, the id of its trace follows from it."""

_HAS_DIGIT = re.compile(r"\d")
_TRACE_ID = re.compile(rb"[0-9a-f]{32}")
_VERSION = re.compile(r"v\d+")

_HEALTH = "/health/live,/health/ready"


def _use_stable_conventions() -> None:
    # The instrumentations read this variable once and offer no argument for it.
    os.environ.setdefault("OTEL_SEMCONV_STABILITY_OPT_IN", "http")


def instrument_app(app: fastapi.FastAPI, provider: TracerProvider, seeded: bool = False) -> None:
    """Add the SERVER span. Health checks, ASGI message spans and headers are left out."""
    _use_stable_conventions()
    FastAPIInstrumentor.instrument_app(
        app,
        tracer_provider=provider,
        meter_provider=NoOpMeterProvider(),  # http metrics follow from the spans, in clock time
        excluded_urls=_HEALTH,
        http_capture_headers_server_request=[],
        http_capture_headers_server_response=[],
        exclude_spans=["receive", "send"],
    )
    build = app.build_middleware_stack

    def with_boundary(_app: fastapi.FastAPI) -> _Boundary:
        return _Boundary(build(), seeded)

    app.build_middleware_stack = MethodType(with_boundary, app)  # type: ignore[method-assign]


class _Boundary:
    """Outermost ASGI layer: a request starts with no open span, as in a process of its own.

    Without it a caller in the same process would leave its span open around
    the called service, and that service's SERVER span would be an INTERNAL one.
    In seeded runs it also says which trace the request shall have.
    """

    def __init__(self, app: Any, seeded: bool) -> None:
        self._app = app
        self._seeded = seeded

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        token = otel_context.attach(otel_context.Context())
        wanted = _wanted(scope) if self._seeded else None
        trace_token = wanted_trace.set(wanted)
        try:
            await self._app(scope, receive, send)
        finally:
            wanted_trace.reset(trace_token)
            otel_context.detach(token)


def _wanted(scope: Any) -> int | str | None:
    headers = dict(scope.get("headers", ()))
    chosen = headers.get(TRACE_HEADER.encode())
    if chosen is not None and _TRACE_ID.fullmatch(chosen):
        return int(chosen, 16) or None
    seed = headers.get(SEED_HEADER.encode())
    return seed.decode("latin-1") if seed is not None else None


async def _name_by_template(span: Span, request: Any) -> None:
    """Name a CLIENT span by method and path template, e.g. "GET /invoices/{id}/match".

    The caller may give the template with ``extensions={"url_template": …}``.
    Otherwise each segment of the path with a digit in it is taken for an id,
    unless it is a version: a name with ids in it would name each record.
    """
    url = request.url  # the transport's own form, (scheme, host, port, target), or httpx.URL
    target = url[3].decode() if isinstance(url, tuple) else url.raw_path.decode()
    template = (request.extensions or {}).get("url_template") or "/".join(
        "{id}" if _HAS_DIGIT.search(part) and not _VERSION.fullmatch(part) else part
        for part in target.partition("?")[0].split("/")
    )
    method = request.method.decode() if isinstance(request.method, bytes) else request.method
    span.update_name(f"{method} {template}")
    span.set_attribute(semconv.URL_TEMPLATE, template)


def instrument_client(client: httpx.AsyncClient, provider: TracerProvider) -> None:
    """Add the CLIENT span and the trace context's header."""
    _use_stable_conventions()
    HTTPXClientInstrumentor.instrument_client(
        client,
        tracer_provider=provider,
        meter_provider=NoOpMeterProvider(),
        request_hook=_name_by_template,
    )
