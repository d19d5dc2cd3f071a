"""``stillgreen index``: builds what the company's collection needs before it can be asked."""

from __future__ import annotations

from dataclasses import asdict
from typing import Annotated

import typer

from services.cli._output import err, out, print_json
from services.cli._progress import counted_progress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("index", epilog="Example: `stillgreen index`")(build_index)


def build_index(
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Build the company's world and its search index, or find them built already."""
    from corpus.errors import CorpusError  # noqa: PLC0415 - heavy import
    from services.foundation import Foundation  # noqa: PLC0415
    from services.indexing import index_documents  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    try:
        documents = Foundation(settings).world.documents()
        with counted_progress(f"Indexing {len(documents):,} documents") as progress:
            index = index_documents(settings, documents, progress)
    except CorpusError as error:
        err().print(f"[red]error:[/red] {error}", highlight=False)
        raise typer.Exit(1) from error
    if as_json:
        print_json(asdict(index))
        return
    state = "built" if index.built else "was there already"
    out().print(
        f"Index [bold]{index.fingerprint}[/bold] {state}: "
        f"{index.documents:,} documents in {index.chunks:,} chunks."
    )
