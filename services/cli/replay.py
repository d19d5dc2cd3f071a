"""``stillgreen replay``: sends a recorded run to a tracing backend."""

from __future__ import annotations

import asyncio
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, print_json
from services.cli._progress import counted_progress
from services.errors import SettingsError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from observability.recording.replaying import Progress, Replayed


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "replay",
        epilog="Example: `stillgreen replay runs/first --to http://localhost:4318 --speed 60`",
        short_help="Send a recorded run to an OTLP receiver, at any speed.",
    )(replay)


def replay(
    run: Annotated[Path, typer.Argument(help="The folder of a recorded run.")],
    to: Annotated[
        str, typer.Option(help="An OTLP/HTTP endpoint, e.g. http://localhost:4318 for Jaeger.")
    ],
    speed: Annotated[
        float, typer.Option(min=0, help="1 as it happened, 60 an hour a minute, 0 at once.")
    ] = 0,
    now: Annotated[
        bool, typer.Option("--now/--keep-times", help="Move times so that the run ends now.")
    ] = True,
    header: Annotated[
        list[str] | None,
        typer.Option(help="A header of each request, KEY=VALUE; may be repeated."),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Send each span of a recorded run once, in batches, in the order in which they ended.

    With --now the run ends when the replay does: at speed 1 it happens again
    as it happened, and faster it appears as what has just been. Trace ids are
    those of the recording, so replay it once into the same backend.
    """
    headers = _headers(header or ())
    with counted_progress("Replaying") as progress:
        replayed = asyncio.run(_replay(run, to, speed, now, headers, progress))
    if as_json:
        print_json({"endpoint": to, **asdict(replayed)})
    else:
        err().print(
            f"{replayed.spans} spans sent to {to} in {replayed.requests} requests and"
            f" {replayed.seconds:.1f} s",
            markup=False,
        )


async def _replay(
    run: Path,
    to: str,
    speed: float,
    now: bool,
    headers: Mapping[str, str],
    progress: Progress,
) -> Replayed:
    import httpx  # noqa: PLC0415 - heavy import

    from observability.clock import RealClock  # noqa: PLC0415
    from observability.recording import replaying  # noqa: PLC0415
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415

    folder = RunFolder.open(run)
    async with httpx.AsyncClient(headers=headers, timeout=30) as client:
        return await replaying.replay(folder, client, to, RealClock(), speed, now, progress)


def _headers(pairs: Sequence[str]) -> dict[str, str]:
    headers = {}
    for pair in pairs:
        key, equals, value = pair.partition("=")
        if not equals or not key.strip():
            raise SettingsError(f"--header {pair!r} is not KEY=VALUE")
        headers[key.strip()] = value.strip()
    return headers
