from collections.abc import AsyncIterator

import fastapi
import httpx
import pytest
from fastapi.responses import StreamingResponse

from observability.recording import SpanRecord
from observability.telemetry import SeededIds, Telemetry, semconv, trace_id_for
from observability.telemetry.http import SEED_HEADER, TRACE_HEADER
from tests.observability.clocks import TickingClock
from tests.observability.contract import assert_contract


def _called(telemetry: Telemetry) -> fastapi.FastAPI:
    app = fastapi.FastAPI()

    @app.get("/invoices/{invoice_id}")
    async def invoice(invoice_id: str) -> dict[str, str]:
        with telemetry.span("SELECT invoices"):
            return {"id": invoice_id}

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            for piece in (b"a", b"b", b"c"):
                yield piece

        return StreamingResponse(pieces())

    @app.get("/health/ready")
    async def ready() -> dict[str, str]:
        return {}

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("no luck")

    telemetry.instrument_app(app)
    return app


async def _call(path: str, **options: object) -> tuple[list[SpanRecord], httpx.Response]:
    spans: list[SpanRecord] = []
    clock = TickingClock()
    caller = Telemetry("gateway", clock, sinks=[spans.append])
    called = Telemetry("erp", clock, sinks=[spans.append])
    transport = httpx.ASGITransport(_called(called), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://erp") as client:
        caller.instrument_client(client)
        with caller.span("execute_tool get_invoice"):
            response = await client.get(path, **options)  # type: ignore[arg-type]
    return spans, response


async def test_a_call_is_a_client_span_with_the_server_span_below_it() -> None:
    spans, _ = await _call(
        "/invoices/INV-2026-0001",
        headers={"X-StillGreen-Seed": "42"},
        extensions={"url_template": "/invoices/{invoice_id}"},
    )
    assert_contract(spans)
    select, server, client, tool = spans
    assert (server.kind, server.name) == ("SERVER", "GET /invoices/{invoice_id}")
    assert (client.kind, client.name) == ("CLIENT", "GET /invoices/{invoice_id}")
    assert [s.parent_id for s in spans[:3]] == [server.span_id, client.span_id, tool.span_id]
    assert server.attributes[semconv.HTTP_RESPONSE_STATUS_CODE] == 200
    assert select.service == server.service == "stillgreen-erp"
    assert client.attributes[semconv.URL_FULL] == "http://erp/invoices/INV-2026-0001"


async def test_a_client_span_names_the_kind_of_record_and_not_the_record() -> None:
    spans, _ = await _call("/v1/invoices/INV-2026-0001/match?measure=net")
    client = next(span for span in spans if span.kind == "CLIENT")
    assert client.name == "GET /v1/invoices/{id}/match"
    assert client.attributes[semconv.URL_TEMPLATE] == "/v1/invoices/{id}/match"


async def test_no_header_is_recorded() -> None:
    spans, _ = await _call("/invoices/1", headers={"X-StillGreen-Seed": "987654"})
    assert "987654" not in repr(spans)
    assert not any("header" in key for span in spans for key in span.attributes)


async def test_http_spans_have_the_times_of_the_clock() -> None:
    spans, _ = await _call("/invoices/1")
    assert all(span.end_ns < 2_000_000_000 for span in spans)


async def test_a_stream_is_one_span_however_many_pieces_it_has() -> None:
    spans, response = await _call("/stream")
    assert response.content == b"abc"
    assert [span.kind for span in spans] == ["SERVER", "CLIENT", "INTERNAL"]


async def test_health_checks_leave_no_server_span() -> None:
    spans, _ = await _call("/health/ready")
    assert [span.kind for span in spans] == ["CLIENT", "INTERNAL"]


async def test_a_loud_failure_is_red_on_both_sides() -> None:
    spans, response = await _call("/broken")
    server, client, _ = spans
    assert response.status_code == 500
    assert server.status == "ERROR"
    assert client.status == "ERROR"
    assert_contract(spans)


@pytest.mark.parametrize(("seeded", "is_heeded"), [(True, True), (False, False)])
async def test_a_chosen_trace_id_is_heeded_in_seeded_runs_only(
    seeded: bool, is_heeded: bool
) -> None:
    spans: list[SpanRecord] = []
    telemetry = Telemetry(
        "erp",
        TickingClock(),
        sinks=[spans.append],
        ids=SeededIds("run", "erp") if seeded else None,
    )
    transport = httpx.ASGITransport(_called(telemetry))
    wanted = trace_id_for("run", 7)
    async with httpx.AsyncClient(transport=transport, base_url="http://erp") as client:
        await client.get("/invoices/1", headers={TRACE_HEADER: wanted})
        await client.get("/invoices/1", headers={SEED_HEADER: "9"})
    by_id, by_seed = spans[:2], spans[2:]
    assert {span.trace_id == wanted for span in by_id} == {is_heeded}
    assert {span.trace_id == trace_id_for("run", 9) for span in by_seed} == {is_heeded}
