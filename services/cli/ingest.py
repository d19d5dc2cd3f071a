"""``stillgreen ingest``: makes a collection of one's own documents that can be asked about."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated

import typer

from services.cli._output import err, out, print_json
from services.cli._progress import counted_progress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("ingest", epilog="Example: `stillgreen ingest ./handbooks --collection handbooks`")(
        ingest_path
    )


def ingest_path(
    path: Annotated[Path, typer.Argument(help="A file or folder: .md, .txt, .html, .pdf.")],
    collection: Annotated[
        str | None, typer.Option(help="Name of the collection; by default from the path.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the result as JSON.")] = False,
) -> None:
    """Read documents into a collection, replacing one of the same name."""
    from corpus.collections import CollectionStore, check_name  # noqa: PLC0415 - heavy import
    from corpus.errors import CorpusError, DefinitionError  # noqa: PLC0415
    from corpus.ingest import ingest  # noqa: PLC0415
    from services.indexing import index_documents  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    try:
        name = check_name(collection if collection is not None else _name_of(path))
    except DefinitionError as error:
        raise typer.BadParameter(str(error), param_hint="--collection") from error
    try:
        found = ingest(path)
        with counted_progress(f"Indexing {len(found.documents)} documents") as progress:
            # The index comes first, so that the collection can be asked about once it is there.
            index = index_documents(settings, found.documents, progress)
        CollectionStore(settings.home / "collections").replace(name, found.documents)
    except CorpusError as error:
        err().print(f"[red]error:[/red] {error}", highlight=False)
        raise typer.Exit(1) from error
    for skipped in found.skipped:
        err().print(f"[yellow]skipped:[/yellow] {skipped}", highlight=False)
    if as_json:
        print_json(
            {
                "collection": name,
                "documents": [document.id for document in found.documents],
                "chunks": index.chunks,
                "skipped": [str(skipped) for skipped in found.skipped],
            }
        )
        return
    out().print(
        f"[bold]{name}[/bold]: {len(found.documents)} documents in {index.chunks} chunks. "
        f'Ask about it: stillgreen ask --collection {name} "…"'
    )


def _name_of(path: Path) -> str:
    stem = path.resolve().stem if path.suffix else path.resolve().name
    return re.sub(r"[^a-z0-9_-]+", "-", stem.lower()).strip("-_")[:48].strip("-_") or "documents"
