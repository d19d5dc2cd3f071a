"""``stillgreen up``: everything in one process, for as long as one likes."""

from __future__ import annotations

import secrets
from typing import Annotated

import typer

from services.cli._output import err, set_up_logging
from services.errors import ServicesError


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "up",
        epilog="Example: `stillgreen up --traffic 30`",
        short_help="Serve everything in one process.",
    )(up)


def up(
    port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The gateway's port; 0: any free one.")
    ] = None,
    host: Annotated[str | None, typer.Option(help="Address to listen on.")] = None,
    llm_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="Serve the models here too.")
    ] = None,
    lab_port: Annotated[
        int | None, typer.Option(min=0, max=65535, help="The lab's port, with a token set.")
    ] = None,
    traffic: Annotated[
        float, typer.Option(min=0, max=6000, help="Questions a minute in the background.")
    ] = 0,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the traffic.")] = None,
) -> None:
    """Serve the whole application until Ctrl-C; no other process or container is needed."""
    import asyncio  # noqa: PLC0415

    from corpus.luck import Luck  # noqa: PLC0415
    from faults.plan import HEALTHY  # noqa: PLC0415
    from observability.clock import RealClock  # noqa: PLC0415
    from services.cli._lab import bind_lab, lab_hint, lab_listener  # noqa: PLC0415
    from services.cli._progress import counted_progress  # noqa: PLC0415
    from services.lab.mix import asked_now  # noqa: PLC0415
    from services.listening import Listener, bind, serve  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415
    from services.traffic import Tally, keep_asking  # noqa: PLC0415

    settings = load_settings()
    set_up_logging(settings.log_level)
    address = host or settings.host
    gateway = bind(address, settings.gateway_port if port is None else port)
    lab = bind_lab(settings, lab_port, always=True)
    models = None if llm_port is None else bind(address, llm_port, "--llm-port")
    base = f"http://{address}:{gateway.getsockname()[1]}"
    tally = Tally()
    clock = RealClock()

    def started() -> None:
        _say_what_to_try(base)
        if models is not None:
            err().print(f"The models answer on http://{address}:{models.getsockname()[1]}/v1.")
        if lab is not None:
            err().print(lab_hint(lab), markup=False)
        if traffic:
            err().print(f"{traffic:g} questions a minute are asked in the background.")

    async def run() -> None:
        from services.wiring import build_system  # noqa: PLC0415 - heavy import

        with counted_progress() as progress:
            building = build_system(settings, clock, progress=progress)
            async with building as system:
                listeners = [Listener(system.gateway, gateway)]
                if models is not None:
                    if system.llm is None:
                        raise ServicesError("--llm-port: the models run elsewhere by setting")
                    listeners.append(Listener(system.llm, models))
                if lab is not None:
                    listeners.append(
                        lab_listener(
                            settings, lab, system.plan, system.prepare, root=True, asks=traffic > 0
                        )
                    )
                system.prepare(HEALTHY)  # the first caller does not wait for the index
                beside = []
                if traffic:
                    luck = Luck(secrets.randbits(48) if seed is None else seed)
                    beside.append(
                        keep_asking(
                            system.client,
                            lambda chance: asked_now(system, chance),
                            traffic,
                            clock,
                            luck,
                            tally,
                        )
                    )
                await serve(listeners, started, beside)

    asyncio.run(run())
    if tally.asked:
        err().print(f"{tally.asked} questions were asked, {tally.failed} of them failed.")


def _say_what_to_try(base: str) -> None:
    say = err().print
    say(f"StillGreen answers on [bold]{base}[/bold] (API at {base}/docs). Ctrl-C stops it. Try:")
    say(f"  curl -s {base}/v1/questions/random", markup=False)
    say(
        f"  curl -s {base}/v1/ask -H 'content-type: application/json' "
        """-d '{"question": "What are the payment terms in the payment policy?"}'""",
        markup=False,
    )
    say(f'  stillgreen ask "Who has to approve an invoice of 20,000 EUR?" --url {base}')
    say("  stillgreen trace TRACE_ID      (the answer holds it)", markup=False)
