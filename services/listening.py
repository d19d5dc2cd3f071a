"""Serves applications on ports of this machine, several in one loop if need be."""

from __future__ import annotations

import asyncio
import errno
import signal
import socket
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from services.errors import PortInUseError, ServicesError

if TYPE_CHECKING:
    from fastapi import FastAPI

GRACE_SECONDS = 10
"""How long requests may go on when a service is asked to stop."""


def bind(host: str, port: int, option: str = "--port") -> socket.socket:
    """Return a socket bound to an address, port 0 being any free one; it does not listen yet.

    Raises ``PortInUseError``, and ``ServicesError`` for an address that this
    machine does not have or may not use; both name the ``option`` to change.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family, socket.SOCK_STREAM)
    # A port whose last connections are still closing down is free to us.
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise _refused(error, host, port, option) from None
    bound.setblocking(False)
    return bound


def _refused(error: OSError, host: str, port: int, option: str) -> ServicesError:
    if error.errno == errno.EADDRINUSE:
        return PortInUseError(
            f"port {port} on {host} is in use; stop the process that listens there, "
            f"or choose another port with {option}"
        )
    return ServicesError(
        f"cannot listen on {host} port {port}: {error.strerror or error}; "
        f"choose another address with --host or another port with {option}"
    )


@dataclass(frozen=True, slots=True)
class Listener:
    """An application and the bound socket that it is served on."""

    app: FastAPI
    bound: socket.socket


async def serve(
    listeners: Sequence[Listener],
    started: Callable[[], None],
    beside: Sequence[Awaitable[None]] = (),
) -> None:
    """Serve until SIGINT or SIGTERM, then let running requests end.

    ``started`` is called once all listen; ``beside`` runs along and is
    cancelled at the end. Raises ``PortInUseError`` when another process has
    begun to listen on an address since it was bound.
    """
    for listener in listeners:
        try:
            listener.bound.listen(128)
        except OSError as error:
            host, port = listener.bound.getsockname()[:2]
            raise _refused(error, host, port, "--port") from None
    import uvicorn  # noqa: PLC0415 - heavy import

    class Quiet(uvicorn.Server):
        # Several servers share one loop, so that the signals are ours to handle.
        @contextmanager
        def capture_signals(self) -> Iterator[None]:
            yield

    servers = [
        Quiet(
            uvicorn.Config(
                listener.app,
                lifespan="off",  # whoever assembled the application has opened it
                log_level="warning",
                access_log=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
            )
        )
        for listener in listeners
    ]

    def stop() -> None:
        for server in servers:
            server.should_exit = True

    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop)
    companions = [asyncio.ensure_future(work) for work in beside]
    try:
        async with asyncio.TaskGroup() as group:
            for server, listener in zip(servers, listeners, strict=True):
                group.create_task(server.serve(sockets=[listener.bound]))
            # uvicorn tells that it listens by an attribute alone.
            while not all(server.started or server.should_exit for server in servers):  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            started()
    finally:
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.remove_signal_handler(number)
        for companion in companions:
            companion.cancel()
        await asyncio.gather(*companions, return_exceptions=True)
