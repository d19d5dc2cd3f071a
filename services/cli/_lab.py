"""The lab's control API beside a service, when a token is set."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from services.cli._output import err
from services.errors import ServicesError

if TYPE_CHECKING:
    import socket

    from faults.current import CurrentPlan
    from faults.plan import FaultPlan
    from services.listening import Listener
    from services.settings import Settings


def bind_lab(settings: Settings, port: int | None, always: bool) -> socket.socket | None:
    """Return the control API's socket, None when there shall be none.

    It is wanted when a port is named, and with ``always`` whenever a token is
    set. Raises ``ServicesError`` for a port without a token.
    """
    from services.lab.control import is_loopback  # noqa: PLC0415 - heavy import
    from services.listening import bind  # noqa: PLC0415

    if settings.lab_token is None:
        if port is not None:
            raise ServicesError("--lab-port needs a token; set STILLGREEN_LAB_TOKEN")
        return None
    if port is None and not always:
        return None
    if not is_loopback(settings.lab_host):
        err().print(f"[yellow]The lab can be reached from outside: {settings.lab_host}[/yellow]")
    number = settings.lab_port if port is None else port
    return bind(settings.lab_host, number, "--lab-port")


def lab_listener(
    settings: Settings,
    bound: socket.socket,
    plan: CurrentPlan,
    prepare: Callable[[FaultPlan], None],
    *,
    root: bool = False,
    asks: bool = False,
) -> Listener:
    """Return the control API, ready to be served on its socket.

    In the ``root`` of an application faults of parts that are elsewhere are
    refused, and those of the traffic unless it ``asks`` questions itself. One of
    several processes is told the whole plan and takes what is of its own parts.
    """
    from faults.contradictions import check_plan  # noqa: PLC0415
    from services.lab.control import create_app  # noqa: PLC0415 - heavy import
    from services.lab.placing import check_placed  # noqa: PLC0415
    from services.lab.runs.building import build_for  # noqa: PLC0415
    from services.lab.switching import Switch  # noqa: PLC0415
    from services.listening import Listener  # noqa: PLC0415
    from services.version import program_version  # noqa: PLC0415

    token = settings.lab_token.get_secret_value() if settings.lab_token else ""
    switch = Switch(plan, prepare, partial(build_for, settings))
    check = partial(check_placed, settings=settings, asks=asks) if root else check_plan
    app = create_app(switch, token, program_version(), check=check)
    return Listener(app, bound)


def lab_hint(bound: socket.socket) -> str:
    """Return how to switch a fault on."""
    host, port = bound.getsockname()[:2]
    return (
        f"Faults are switched on http://{host}:{port} with the token:\n"
        f"  curl -s -X PUT http://{host}:{port}/v1/plan "
        '-H "authorization: Bearer $STILLGREEN_LAB_TOKEN" '
        "-H 'content-type: application/json' "
        """-d '{"faults": [{"id": "rerank_inverted"}]}'"""
    )
