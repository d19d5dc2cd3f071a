"""``stillgreen trace``: one trace as a tree, or two beside each other."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, out, print_json
from services.errors import NotBuiltError, ServicesError

if TYPE_CHECKING:
    from observability.recording import SQLiteRecording
    from observability.recording.run_traces import RunTraces
    from observability.trace_view import Comparison, TraceTree

_SHOWN = 10


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "trace",
        epilog="Examples: `stillgreen trace --last`, `stillgreen trace 4f1d 9ab0 --html two.html`, "
        "`stillgreen trace 4f1d --run runs/incident --twin`",
        short_help="Show a trace, or two and where they part.",
    )(trace)


def trace(
    ids: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="[ID [ID2]]", help="Trace ids, or how they begin. Without any: the last traces."
        ),
    ] = None,
    last: Annotated[bool, typer.Option("--last", help="The trace recorded last.")] = False,
    run: Annotated[
        Path | None,
        typer.Option("--run", metavar="DIR", help="Read a recorded run in place of live traces."),
    ] = None,
    twin: Annotated[
        bool,
        typer.Option(
            "--twin", help="With --run: beside its healthy twin, while the seal is there."
        ),
    ] = False,
    html: Annotated[
        Path | None, typer.Option("--html", help="Write one self-contained page to this file.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
    every_span: Annotated[
        bool, typer.Option("--all", help="Show the spans of inner HTTP calls too.")
    ] = False,
) -> None:
    """Show what happened in a request, step by step; or two requests and where they part.

    Traces are read from the local recording, or from a run's folder. Links to
    Jaeger are printed when STILLGREEN_JAEGER_URL is set.
    """
    from services.settings import load_settings  # noqa: PLC0415

    wanted = list(ids or [])
    if len(wanted) > 2:
        raise typer.BadParameter("one trace is shown, or two are compared")
    if last and len(wanted) > 1:
        raise typer.BadParameter("--last stands for one trace; give one id or none beside it")
    if twin and (run is None or len(wanted) + last != 1):
        raise typer.BadParameter("--twin goes with --run and one trace")
    settings = load_settings()
    with closing(_open(settings.recording_file) if run is None else _open_run(run)) as recording:
        if last:
            newest = recording.last(1)
            if not newest:
                raise NotBuiltError(_NOTHING)
            # The trace asked for by id is A, the one recorded last is B.
            wanted.append(newest[0].trace_id)
        if not wanted:
            _list(recording, as_json, html)
            return
        if twin:
            wanted.insert(0, _twin(recording, wanted[0]))
        trees = [_tree(recording, trace_id) for trace_id in wanted]
    if len(trees) == 1:
        _show_one(trees[0], settings.jaeger_url, html, as_json, every_span)
    else:
        from observability.trace_view import compare  # noqa: PLC0415

        _show_two(compare(*trees), settings.jaeger_url, html, as_json, every_span)


_NOTHING = (
    "nothing is recorded here yet. Ask something first, e.g.\n"
    '  stillgreen ask "What are the payment terms in the payment policy?"'
)


def _open(path: Path) -> SQLiteRecording:
    from observability.recording import SQLiteRecording  # noqa: PLC0415

    if not path.exists():
        raise NotBuiltError(f"{_NOTHING}\n(looked in {path}; STILLGREEN_HOME names the folder)")
    return SQLiteRecording(path)


def _open_run(path: Path) -> RunTraces:
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415 - heavy import
    from observability.recording.run_traces import RunTraces  # noqa: PLC0415

    return RunTraces(RunFolder.open(path))


def _twin(recording: SQLiteRecording | RunTraces, trace_id: str) -> str:
    """Return the id of a request's healthy twin, which is A beside it."""
    from observability.recording.run_traces import RunTraces  # noqa: PLC0415

    assert isinstance(recording, RunTraces)  # noqa: S101 - --twin goes with --run
    truth = recording.truth(trace_id)
    if truth.twin is None or truth.twin == truth.trace_id:
        raise ServicesError(f"{truth.trace_id} ran as a healthy one does and is its own twin")
    return truth.twin


def _tree(recording: SQLiteRecording | RunTraces, trace_id: str) -> TraceTree:
    from observability.recording import AmbiguousTraceError, UnknownTraceError  # noqa: PLC0415
    from observability.trace_view import build_tree  # noqa: PLC0415

    try:
        return build_tree(recording.spans(trace_id))
    except (AmbiguousTraceError, UnknownTraceError) as error:
        known = "\n".join(f"  {item.trace_id}  {item.root}" for item in recording.last(_SHOWN))
        raise ServicesError(f"{error}. The last traces are:\n{known or '  (none)'}") from None


def _list(recording: SQLiteRecording | RunTraces, as_json: bool, html: Path | None) -> None:
    from datetime import UTC, datetime  # noqa: PLC0415

    if html is not None:
        raise typer.BadParameter("--html needs a trace id, two, or --last")
    summaries = recording.last(20)
    items = [
        {
            "trace_id": item.trace_id,
            "root": item.root,
            "start": datetime.fromtimestamp(item.start_ns / 1e9, UTC).isoformat(),
            "duration_ms": round(item.duration_ms, 3),
            "spans": item.spans,
            "error_spans": item.errors,
            "services": list(item.services),
        }
        for item in summaries
    ]
    if as_json:
        print_json({"items": items, "count": len(items)})
        return
    if not items:
        err().print(_NOTHING, markup=False)
        return
    from rich.table import Table  # noqa: PLC0415

    from observability.trace_view.wording import clean  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for column in ("trace", "request", "start", "ms", "spans", "errors"):
        table.add_column(column, justify="right" if column in ("ms", "spans", "errors") else "left")
    for item in items:
        table.add_row(
            str(item["trace_id"])[:16],  # a prefix is enough to find it
            clean(str(item["root"])),
            str(item["start"])[:19],
            f"{item['duration_ms']:.0f}",
            str(item["spans"]),
            str(item["error_spans"]),
        )
    out().print(table)


def _show_one(
    tree: TraceTree, jaeger_url: str, html: Path | None, as_json: bool, every_span: bool
) -> None:
    from observability.trace_view import trace_link  # noqa: PLC0415

    links = {"trace": trace_link(jaeger_url, tree.trace_id)} if jaeger_url else {}
    if html is not None:
        from observability.trace_view.page import tree_page  # noqa: PLC0415

        _write(html, tree_page(tree, jaeger_url))
    if as_json:
        from observability.trace_view.jsonable import tree_json  # noqa: PLC0415

        print_json({**tree_json(tree), "jaeger": links})
    elif html is None:
        from observability.trace_view.text import render_tree  # noqa: PLC0415

        console = out()
        console.print(render_tree(tree, every_span=every_span, width=console.width))
        _print_links(links)


def _show_two(
    comparison: Comparison, jaeger_url: str, html: Path | None, as_json: bool, every_span: bool
) -> None:
    from observability.trace_view import compare_link, trace_link  # noqa: PLC0415

    a, b = comparison.left.trace_id, comparison.right.trace_id
    links = (
        {
            "compare": compare_link(jaeger_url, a, b),
            "A": trace_link(jaeger_url, a),
            "B": trace_link(jaeger_url, b),
        }
        if jaeger_url
        else {}
    )
    if html is not None:
        from observability.trace_view.page import comparison_page  # noqa: PLC0415

        _write(html, comparison_page(comparison, jaeger_url))
    if as_json:
        from observability.trace_view.jsonable import comparison_json  # noqa: PLC0415

        print_json({**comparison_json(comparison), "jaeger": links})
    elif html is None:
        from observability.trace_view.beside import render_comparison  # noqa: PLC0415

        console = out()
        console.print(render_comparison(comparison, every_span=every_span, width=console.width))
        _print_links(links)


def _print_links(links: dict[str, str]) -> None:
    for label, address in links.items():
        out().print(f"Jaeger, {label}: {address}", markup=False, soft_wrap=True)


def _write(path: Path, page: str) -> None:
    try:
        path.write_text(page, encoding="utf-8")
    except OSError as error:
        raise ServicesError(f"{path} cannot be written: {error.strerror or error}") from None
    err().print(f"Written to {path}", markup=False)
