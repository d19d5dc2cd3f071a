"""``stillgreen index``: builds what the company's collection needs, and clears old indexes away."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated, Any

import typer

from services.cli._output import err, out, print_json
from services.cli._progress import counted_progress

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from corpus.index_pruning import KeptIndex

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON.")]


def register(app: typer.Typer) -> None:
    """Add the commands."""
    group = typer.Typer(invoke_without_command=True, epilog="Example: `stillgreen index`")
    group.callback()(build_index)
    group.command(
        "list",
        epilog="Example: `stillgreen index list`",
        short_help="List the indexes of the data folder.",
    )(list_indexes)
    group.command(
        "prune",
        epilog="Example: `stillgreen index prune --keep-days 7 --dry-run`",
        short_help="Remove indexes that nobody uses any more.",
    )(prune)
    app.add_typer(
        group, name="index", short_help="Build the search index; list and clear old ones."
    )


def build_index(context: typer.Context, as_json: AsJson = False) -> None:
    """Build the company's world and its search index, or find them built already."""
    if context.invoked_subcommand is not None:
        return
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


def list_indexes(as_json: AsJson = False) -> None:
    """List the indexes of the data folder with size and last use, the one used last first."""
    from corpus.index_pruning import kept_indexes  # noqa: PLC0415 - heavy import

    found = kept_indexes(_root())
    if as_json:
        print_json({"indexes": [_json(each) for each in found], "bytes": _bytes(found)})
    elif found:
        _print(found)
        out().print(f"{len(found)} indexes, {_size(_bytes(found))}")
    else:
        err().print(f"There is no index in {_root()}.", markup=False)


def prune(
    keep_days: Annotated[
        int, typer.Option(min=0, help="Keep what was used within so many days.")
    ] = 30,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask first.")] = False,
    as_json: AsJson = False,
) -> None:
    """Remove indexes that were not used for a while, are damaged, or are of another version.

    What a process has open or is building stays. An index that is asked for
    again is built again. Without marks of use, from before they were kept, an
    index was last used when it was built.
    """
    from corpus.index_pruning import kept_indexes, remove  # noqa: PLC0415 - heavy import
    from observability.clock import RealClock  # noqa: PLC0415

    now = RealClock().now_ns()
    every = kept_indexes(_root())
    going = [each for each in every if each.can_go(now, keep_days)]
    if going and not as_json:
        _print(going)
    question = f"Remove {len(going)} of {len(every)} indexes, {_size(_bytes(going))}?"
    if going and not (dry_run or yes or typer.confirm(question, err=True)):
        going = []
    removed = [each for each in going if dry_run or remove(_root(), each)]
    if as_json:
        print_json(
            {
                "dry_run": dry_run,
                "removed": [_json(each) for each in removed],
                "bytes": _bytes(removed),
                "kept": len(every) - len(removed),
            }
        )
        return
    for each in going:
        if each not in removed:
            err().print(f"{each.name} has just been opened, and stays.")
    would = "would be " if dry_run else ""
    out().print(f"{len(removed)} of {len(every)} indexes {would}removed, {_size(_bytes(removed))}")


def _root() -> Path:
    from services.settings import load_settings  # noqa: PLC0415

    return load_settings().home / "index"


def _bytes(indexes: Sequence[KeptIndex]) -> int:
    return sum(each.bytes for each in indexes)


def _size(count: int) -> str:
    return f"{count / 1e6:,.1f} MB"


def _used(index: KeptIndex) -> datetime:
    return datetime.fromtimestamp(index.used_ns // 10**9, UTC)


def _print(indexes: Sequence[KeptIndex]) -> None:
    from rich.table import Table  # noqa: PLC0415 - heavy import

    table = Table(box=None, pad_edge=False)
    for heading in ("index", "last used (UTC)"):
        table.add_column(heading, no_wrap=True)
    for heading in ("documents", "chunks", "size"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("state", no_wrap=True)
    for each in indexes:
        counts = (
            "" if number is None else f"{number:,}" for number in (each.documents, each.chunks)
        )
        state = f"{each.state.value}, in use" if each.in_use else each.state.value
        table.add_row(each.name, f"{_used(each):%Y-%m-%d %H:%M}", *counts, _size(each.bytes), state)
    out().print(table, markup=False)


def _json(index: KeptIndex) -> dict[str, Any]:
    return {
        "index": index.name,
        "state": index.state.value,
        "in_use": index.in_use,
        "bytes": index.bytes,
        "last_used": _used(index).isoformat(),
        "documents": index.documents,
        "chunks": index.chunks,
        "chunker": index.chunker,
        "encoder": index.encoder,
    }
