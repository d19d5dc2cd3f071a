"""An httpx transport that calls an ASGI application as if it were another process.

Three things differ from ``httpx.ASGITransport``: the application runs in an
empty context, so that trace context crosses only by header; bodies arrive as
they are produced; and the client's read timeout and disconnect are real.
"""

from __future__ import annotations

import asyncio
import contextvars
import logging
from collections.abc import AsyncIterator
from typing import Any

import httpx
from starlette.types import ASGIApp, Message

from services.problems import MEDIA_TYPE, problem_body

_log = logging.getLogger(__name__)

_BUFFERED_PIECES = 64
"""How far an application may run ahead of a client that reads slowly."""


class AppTransport(httpx.AsyncBaseTransport):
    """Sends requests to one ASGI application in this process.

    The lifespan is not run here: whoever assembles the application does that.
    An exception before the response starts is a 500 problem, one after that
    breaks the body off (``httpx.RemoteProtocolError``), as over a network.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._running: set[asyncio.Task[None]] = set()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        body = await request.aread()
        exchange = _Exchange(request, body)
        # create_task copies the caller's context unless it is given another.
        task = asyncio.get_running_loop().create_task(
            exchange.run(self._app), context=contextvars.Context()
        )
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        exchange.task = task
        try:
            async with asyncio.timeout(exchange.read_timeout):
                await exchange.started.wait()
        except TimeoutError:
            exchange.disconnected.set()
            raise httpx.ReadTimeout(
                f"no response within {exchange.read_timeout} s", request=request
            ) from None
        except asyncio.CancelledError:
            exchange.disconnected.set()
            raise
        # Most applications are done by the time that their caller is woken.
        whole = exchange.whole()
        return httpx.Response(
            exchange.status,
            headers=exchange.headers,
            content=whole,
            stream=_Body(exchange) if whole is None else None,
            extensions={"http_version": b"HTTP/1.1"},
        )

    async def aclose(self) -> None:
        """Stop what still runs, as a server does when it is shut down."""
        for task in tuple(self._running):
            task.cancel()
        if self._running:
            await asyncio.gather(*self._running, return_exceptions=True)


class _Exchange:
    """One request and its response as both sides see it."""

    def __init__(self, request: httpx.Request, body: bytes) -> None:
        self.request = request
        timeout = request.extensions.get("timeout", {})
        self.read_timeout: float | None = timeout.get("read")
        self.started = asyncio.Event()
        self.disconnected = asyncio.Event()
        self.status = 500
        self.headers: list[tuple[bytes, bytes]] = []
        self.pieces: asyncio.Queue[bytes | None] = asyncio.Queue(_BUFFERED_PIECES)
        self.complete = False
        self.task: asyncio.Task[None] | None = None
        self._body: bytes | None = body

    async def run(self, app: ASGIApp) -> None:
        try:
            await app(self._scope(), self._receive, self._send)
        except Exception as error:
            if not self.disconnected.is_set():
                # The caller gets a 500 and the trace an exception; the stack is for debugging.
                stack = error if _log.isEnabledFor(logging.DEBUG) else None
                _log.error("%s failed: %r", self.request.url, error, exc_info=stack)
        finally:
            if not self.started.is_set():
                await self._fail()
            elif not self.complete and not self.disconnected.is_set():
                await self._put(None)

    def whole(self) -> bytes | None:
        """Return all of the body if it is there and the application has come to its end."""
        if not self.complete or self.task is None or not self.task.done():
            return None
        pieces = [self.pieces.get_nowait() for _ in range(self.pieces.qsize())]
        return b"".join(piece for piece in pieces if piece is not None)

    async def _fail(self) -> None:
        detail = "The service failed before it answered."
        response = httpx.Response(500, json=problem_body(500, detail, self.request.url.path))
        self.headers = [
            (b"content-type", MEDIA_TYPE.encode()),
            (b"content-length", str(len(response.content)).encode()),
        ]
        self.complete = True
        self.started.set()
        self.pieces.put_nowait(response.content)
        self.pieces.put_nowait(None)

    def _scope(self) -> dict[str, Any]:
        url = self.request.url
        default_port = 443 if url.scheme == "https" else 80
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": "1.1",
            "method": self.request.method,
            "headers": [(key.lower(), value) for key, value in self.request.headers.raw],
            "scheme": url.scheme,
            "path": url.path,
            "raw_path": url.raw_path.split(b"?")[0],
            "query_string": url.query,
            "server": (url.host, url.port or default_port),
            "client": ("127.0.0.1", 0),
            "root_path": "",
        }

    async def _receive(self) -> Message:
        if self._body is not None:
            body, self._body = self._body, None
            return {"type": "http.request", "body": body, "more_body": False}
        await self.disconnected.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message: Message) -> None:
        if self.disconnected.is_set():
            raise OSError("the client has gone")
        if message["type"] == "http.response.start":
            self.status = message["status"]
            self.headers = list(message.get("headers", []))
            self.started.set()
        elif message["type"] == "http.response.body":
            piece = message.get("body", b"")
            if piece and self.request.method != "HEAD":
                await self._put(piece)
            if not message.get("more_body", False):
                self.complete = True
                await self._put(None)

    async def _put(self, piece: bytes | None) -> None:
        while self.pieces.full() and not self.disconnected.is_set():
            # A reader that has gone never makes room, so both are waited for.
            put = asyncio.ensure_future(self.pieces.put(piece))
            gone = asyncio.ensure_future(self.disconnected.wait())
            await asyncio.wait({put, gone}, return_when=asyncio.FIRST_COMPLETED)
            gone.cancel()
            if put.done():
                return
            put.cancel()
        if self.disconnected.is_set():
            raise OSError("the client has gone")
        self.pieces.put_nowait(piece)


class _Body(httpx.AsyncByteStream):
    def __init__(self, exchange: _Exchange) -> None:
        self._exchange = exchange
        self._ended = False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        exchange = self._exchange
        while True:
            piece = await self._next()
            if piece is None:
                break
            yield piece
        self._ended = True
        if not exchange.complete:
            raise httpx.RemoteProtocolError(
                "the service broke off its response", request=exchange.request
            )
        # What the application does after its last byte (ending its span, for
        # one) is done before the caller goes on: traces are then complete.
        if exchange.task is not None and not exchange.task.done():
            await asyncio.wait({exchange.task})

    async def _next(self) -> bytes | None:
        exchange = self._exchange
        if not exchange.pieces.empty():
            return exchange.pieces.get_nowait()
        try:
            async with asyncio.timeout(exchange.read_timeout):
                return await exchange.pieces.get()
        except TimeoutError:
            raise httpx.ReadTimeout(
                f"no data within {exchange.read_timeout} s", request=exchange.request
            ) from None

    async def aclose(self) -> None:
        if not self._ended:
            self._exchange.disconnected.set()
