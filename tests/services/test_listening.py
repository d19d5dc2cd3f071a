"""Services listen on ports, and say so plainly when they cannot."""

from __future__ import annotations

import asyncio
import os
import signal
import socket

import httpx
import pytest
from fastapi import FastAPI

from services.errors import PortInUseError, ServicesError
from services.listening import Listener, bind, serve


def test_a_port_in_use_is_named_with_the_option_to_change() -> None:
    with bind("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with pytest.raises(
            PortInUseError, match=rf"port {port} on 127.0.0.1 is in use.*--llm-port"
        ):
            bind("127.0.0.1", port, "--llm-port")


def test_an_address_of_another_machine_is_refused() -> None:
    with pytest.raises(ServicesError, match=r"cannot listen on 192\.0\.2\.1"):
        bind("192.0.2.1", 0)


def test_a_port_is_free_again_after_its_service_has_ended() -> None:
    with bind("127.0.0.1", 0) as first:
        first.listen()
        port = first.getsockname()[1]
        with socket.create_connection(("127.0.0.1", port)):
            first.setblocking(True)
            accepted, _ = first.accept()
            accepted.close()
    with bind("127.0.0.1", port):
        pass


async def test_a_port_that_was_taken_in_the_meantime_is_in_use() -> None:
    with bind("127.0.0.1", 0) as first:
        port = first.getsockname()[1]
        with bind("127.0.0.1", port) as second:
            second.listen()
            with pytest.raises(PortInUseError, match=f"port {port}"):
                await serve([Listener(FastAPI(), first)], lambda: None)


async def test_several_applications_are_served_until_a_signal_and_finish_their_requests() -> None:
    replies: list[httpx.Response] = []

    def app(name: str) -> FastAPI:
        application = FastAPI()

        @application.get("/")
        async def root() -> str:
            await asyncio.sleep(0.1)
            return name

        return application

    sockets = [bind("127.0.0.1", 0), bind("127.0.0.1", 0)]
    names = ["first", "second"]
    cancelled = asyncio.Event()

    async def ask_and_stop() -> None:
        try:
            async with httpx.AsyncClient(trust_env=False) as client:
                urls = [f"http://127.0.0.1:{s.getsockname()[1]}/" for s in sockets]
                running = [asyncio.create_task(client.get(url)) for url in urls]
                await asyncio.sleep(0.05)
                os.kill(os.getpid(), signal.SIGTERM)
                replies.extend(await asyncio.gather(*running))
            await asyncio.sleep(60)
        finally:
            cancelled.set()

    started: list[bool] = []
    await asyncio.wait_for(
        serve(
            [Listener(app(n), s) for n, s in zip(names, sockets, strict=True)],
            lambda: started.append(True),
            [ask_and_stop()],
        ),
        20,
    )
    assert started == [True]
    assert [reply.json() for reply in replies] == names
    assert cancelled.is_set()
