"""``stillgreen corpus``: builds the company whose invoices are asked about."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli._output import err, out, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("corpus", epilog="Example: `stillgreen corpus --vendors 60 --invoices 900 --json`")(
        build
    )


def build(
    vendors: Annotated[int | None, typer.Option(help="How many vendors.")] = None,
    invoices: Annotated[int | None, typer.Option(help="How many invoices.")] = None,
    seed: Annotated[int | None, typer.Option(help="Seed of the company.")] = None,
    folder: Annotated[
        Path | None, typer.Option("--out", help="Folder that will hold the world's folder.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the counts as JSON.")] = False,
) -> None:
    """Build the company's ledger and documents, or find them where they were built before."""
    from corpus.ledger import SettingsError, WorldSettings  # noqa: PLC0415
    from corpus.world import build_or_load  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    try:
        asked = WorldSettings(
            seed=settings.world_seed if seed is None else seed,
            vendors=settings.vendors if vendors is None else vendors,
            invoices=settings.invoices if invoices is None else invoices,
        )
    except SettingsError as error:
        raise typer.BadParameter(str(error)) from error
    with err().status("Building the company") as status:
        found = build_or_load(
            folder or settings.home,
            asked,
            lambda step, count: status.update(f"Building the company: {step} ({count})"),
        )
    if as_json:
        print_json({"path": str(found.path), "counts": dict(found.counts)})
        return
    out().print(f"[bold]{found.path}[/bold]")
    for name, count in found.counts.items():
        out().print(f"{count:>8,}  {name.replace('_', ' ')}")
