"""The in-process transport behaves like a network between two processes."""

from __future__ import annotations

import asyncio
import contextvars
from collections.abc import AsyncIterator

import httpx
import pytest
from fastapi import FastAPI, Request
from fastapi.responses import StreamingResponse

from services.problems import install_problem_handlers
from services.transport import AppTransport

_AMBIENT: contextvars.ContextVar[str] = contextvars.ContextVar("_AMBIENT", default="empty")


def _client(app: FastAPI, timeout: float = 5.0) -> httpx.AsyncClient:
    return httpx.AsyncClient(
        transport=AppTransport(app), base_url="http://service", timeout=timeout
    )


async def test_the_application_does_not_see_the_callers_context() -> None:
    app = FastAPI()

    @app.get("/ambient")
    async def ambient(request: Request) -> dict[str, str]:
        return {"ambient": _AMBIENT.get(), "header": request.headers.get("traceparent", "")}

    _AMBIENT.set("of the caller")
    async with _client(app) as client:
        reply = await client.get("/ambient", headers={"traceparent": "00-abc-def-01"})
    assert reply.json() == {"ambient": "empty", "header": "00-abc-def-01"}


async def test_a_body_arrives_while_it_is_being_produced() -> None:
    app = FastAPI()
    goes_on = asyncio.Event()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"first"
            await goes_on.wait()
            yield b"second"

        return StreamingResponse(pieces())

    async with _client(app) as client, client.stream("GET", "/stream") as reply:
        received = []
        async for piece in reply.aiter_raw():
            received.append(piece)
            goes_on.set()
    assert received == [b"first", b"second"]


async def test_a_client_that_leaves_stops_the_stream() -> None:
    app = FastAPI()
    stopped = asyncio.Event()

    @app.get("/endless")
    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            try:
                while True:
                    yield b"more"
                    await asyncio.sleep(0)
            finally:
                stopped.set()

        return StreamingResponse(pieces())

    async with _client(app) as client:
        async with client.stream("GET", "/endless") as reply:
            async for _ in reply.aiter_raw():
                break
        await asyncio.wait_for(stopped.wait(), 2)
    assert stopped.is_set()


async def test_an_endless_stream_waits_for_a_slow_reader() -> None:
    app = FastAPI()
    produced = 0

    @app.get("/endless")
    async def endless() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            nonlocal produced
            while True:
                produced += 1
                yield b"more"

        return StreamingResponse(pieces())

    async with _client(app) as client, client.stream("GET", "/endless"):
        await asyncio.sleep(0.05)
        assert 1 < produced < 100


async def test_an_exception_in_the_application_is_a_500_problem() -> None:
    async def broken(scope: object, receive: object, send: object) -> None:
        raise RuntimeError("secret inside")

    async with httpx.AsyncClient(
        transport=AppTransport(broken), base_url="http://service"
    ) as client:
        reply = await client.get("/x")
    assert reply.status_code == 500
    assert reply.headers["content-type"] == "application/problem+json"
    assert "secret" not in reply.text


async def test_an_exception_in_an_endpoint_shows_no_stack_trace() -> None:
    app = FastAPI()
    install_problem_handlers(app)

    @app.get("/x")
    async def endpoint() -> None:
        raise RuntimeError("secret inside")

    async with _client(app) as client:
        reply = await client.get("/x")
    assert reply.status_code == 500
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text


async def test_a_body_that_breaks_off_is_an_error_of_the_connection() -> None:
    app = FastAPI()

    @app.get("/stream")
    async def stream() -> StreamingResponse:
        async def pieces() -> AsyncIterator[bytes]:
            yield b"first"
            raise RuntimeError("in the middle")

        return StreamingResponse(pieces())

    async with _client(app) as client:
        with pytest.raises(httpx.RemoteProtocolError):
            await client.get("/stream")


async def test_a_slow_application_meets_the_clients_timeout() -> None:
    app = FastAPI()

    @app.get("/slow")
    async def slow() -> None:
        await asyncio.sleep(10)

    async with _client(app, timeout=0.05) as client:
        with pytest.raises(httpx.ReadTimeout):
            await client.get("/slow")


async def test_the_application_is_done_when_the_caller_has_the_last_byte() -> None:
    done: list[str] = []

    async def app(scope: object, receive: object, send) -> None:  # type: ignore[no-untyped-def]
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body", "body": b""})
        await asyncio.sleep(0.01)
        done.append("cleaned up")

    async with httpx.AsyncClient(transport=AppTransport(app), base_url="http://service") as client:
        await client.get("/x")
        assert done == ["cleaned up"]


async def test_paths_queries_and_bodies_reach_the_application() -> None:
    app = FastAPI()

    @app.post("/invoices/{key}")
    async def invoice(key: str, request: Request, q: str) -> dict[str, str]:
        return {"key": key, "q": q, "body": (await request.body()).decode()}

    async with _client(app) as client:
        reply = await client.post("/invoices/A%20B", params={"q": "ä&b"}, content="text")
    assert reply.json() == {"key": "A B", "q": "ä&b", "body": "text"}
