"""``stillgreen serve``: one service on its own port."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli._output import err, set_up_logging

SERVICES = ("gateway", "retrieval", "llm", "erp")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "serve",
        epilog="Example: `stillgreen serve retrieval --port 8081`",
        short_help="Serve one service on its own port.",
    )(serve)


def serve(
    name: Annotated[str, typer.Argument(help="gateway, retrieval, llm or erp")],
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Port; 0 takes any free one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    lab_port: Annotated[
        int | None,
        typer.Option(min=0, max=65535, help="Port of a control API for this service's faults."),
    ] = None,
) -> None:
    """Serve one service until Ctrl-C, as one of several processes.

    The gateway finds the others by STILLGREEN_RETRIEVAL_URL, STILLGREEN_ERP_URL
    and STILLGREEN_LLM_BASE_URL; by default at their ports on this machine.
    """
    if name not in SERVICES:
        raise typer.BadParameter(f"{name!r} is not one of {', '.join(SERVICES)}")
    import asyncio  # noqa: PLC0415

    from observability.clock import RealClock  # noqa: PLC0415
    from services.cli._lab import bind_lab, lab_hint, lab_listener  # noqa: PLC0415
    from services.cli._progress import counted_progress  # noqa: PLC0415
    from services.listening import Listener, bind  # noqa: PLC0415
    from services.listening import serve as serve_on  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    set_up_logging(settings.log_level)
    defaults = {
        "gateway": settings.gateway_port,
        "retrieval": settings.retrieval_port,
        "llm": settings.llm_port,
        "erp": settings.erp_port,
    }
    # The port is taken before the slow part begins.
    bound = bind(host or settings.host, defaults[name] if port is None else port)
    lab = bind_lab(settings, lab_port, always=False)
    address, number = bound.getsockname()[:2]

    async def run() -> None:
        from services.wiring import build_service  # noqa: PLC0415 - heavy import

        with counted_progress() as progress:
            service = build_service(name, settings, RealClock(), progress=progress)
            async with service as opened:
                listeners = [Listener(opened.app, bound)]
                if lab is not None:
                    listeners.append(lab_listener(settings, lab, opened.plan, opened.prepare))
                await serve_on(listeners, started)

    def started() -> None:
        err().print(f"{name} listens on http://{address}:{number} (docs at /docs). Ctrl-C stops.")
        if lab is not None:
            err().print(lab_hint(lab), markup=False)

    asyncio.run(run())
