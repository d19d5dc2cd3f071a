"""``stillgreen incident``: find the fault that hides in an hour of traffic."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._experiment import refuse_elsewhere
from services.cli._output import err, out, print_json
from services.cli._run_bars import record, say_how_to_go_on

if TYPE_CHECKING:
    from observability.recording.run_folder import RunFolder
    from services.lab.incident.revealing import TwinPair
    from services.lab.incident.scoring import Hidden, Score

Folder = Annotated[Path, typer.Argument(metavar="RUN", help="The incident's folder.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


def register(app: typer.Typer) -> None:
    """Add the command."""
    group = typer.Typer(
        invoke_without_command=True,
        epilog="Example: `stillgreen incident --blind 7 --out incident`, then "
        "`stillgreen incident answer incident --layer retrieval --onset 20`",
    )
    group.callback()(make)
    group.command(
        "answer",
        epilog="Example: `stillgreen incident answer incident --layer retrieval "
        "--agent retriever --fault filter_dropped --onset 20`",
        short_help="Say what it was, and have it scored.",
    )(answer)
    group.command(
        "reveal",
        epilog="Example: `stillgreen incident reveal incident`",
        short_help="Show what it was and how to find it.",
    )(reveal)
    app.add_typer(group, name="incident", short_help="Look for a fault that hides in traffic.")


def make(
    context: typer.Context,
    blind: Annotated[
        int | None, typer.Option(metavar="SEED", min=0, help="Decides what hides, and when.")
    ] = None,
    requests: Annotated[int, typer.Option(min=50, help="Requests in the hour.")] = 400,
    into: Annotated[
        Path | None, typer.Option("--out", metavar="DIR", help="Folder of the recording.")
    ] = None,
    workers: Annotated[int, typer.Option(min=0, help="Processes; 0: one for each core.")] = 0,
    as_json: AsJson = False,
) -> None:
    """Record an hour of traffic in which, from some minute on, something is quietly wrong."""
    if context.invoked_subcommand is not None:
        return
    if blind is None:
        raise typer.BadParameter("a seed is needed, e.g. --blind 7", param_hint="--blind")
    from services.cli.run import free_folder  # noqa: PLC0415
    from services.lab.incident.hiding import hidden_scenario  # noqa: PLC0415
    from services.lab.runs.engine import begin  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    refuse_elsewhere(settings)
    scenario = hidden_scenario(blind, requests)
    folder = begin(scenario, settings, into or free_folder(settings.home), hidden=True)
    ran = record(folder, scenario, settings, workers)
    if as_json:
        print_json({"run": str(folder.path), "complete": ran.complete, "seed": blind})
    elif ran.complete:
        out().print(_what_next(folder.path), markup=False, soft_wrap=True)
    if not ran.complete:
        say_how_to_go_on(folder)
        raise typer.Exit(1)


def answer(
    run: Folder,
    layer: Annotated[
        str | None,
        typer.Option(help="data, retrieval, context, model, routing, tools or memory."),
    ] = None,
    agent: Annotated[
        str | None,
        typer.Option(
            help="The agent whose span holds the first that is wrong: supervisor, retriever, "
            "finance, response or validation."
        ),
    ] = None,
    fault: Annotated[str | None, typer.Option(help="As `stillgreen faults` lists it.")] = None,
    onset: Annotated[
        float | None, typer.Option(min=0, help="Minutes from the start of the hour.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Score what you say against what was hidden; nothing of it is shown but the points."""
    from observability.recording.seal import is_hidden  # noqa: PLC0415
    from services.lab.incident.scoring import (  # noqa: PLC0415
        POINTS,
        Answer,
        check_answer,
        hidden_in,
        score,
    )

    given = Answer(layer, agent, fault, onset)
    if given == Answer():
        raise typer.BadParameter("say at least one of --layer, --agent, --fault and --onset")
    with _told_errors():
        check_answer(given)
        folder = _opened(run)
        found: Score = score(given, hidden_in(folder))
    if as_json:
        # The distance of the onset would tell it.
        print_json(found.as_json(is_hidden(folder.path)))
        return
    for part, points in found.points.items():
        out().print(f"{part:<6} {points:>5.1f} of {POINTS[part]:.0f}")
    out().print(f"[bold]{'in all':<6} {found.total:>5.1f} of {sum(POINTS.values()):.0f}[/bold]")


def reveal(run: Folder, as_json: AsJson = False) -> None:
    """Show what was hidden, one request beside its healthy twin, and the way to find it.

    From then on all commands show the truth and the twins of the recording.
    """
    from services.lab.incident.revealing import telling_pair  # noqa: PLC0415
    from services.lab.incident.scoring import hidden_in  # noqa: PLC0415

    with _told_errors():
        folder = _opened(run)
        hidden = hidden_in(folder)
        pair = telling_pair(folder)
        folder.reveal()
    if as_json:
        print_json(_as_json(hidden, pair))
        return
    _show(hidden)
    if pair is not None:
        _show_pair(run, pair)


def _show(hidden: Hidden) -> None:
    from faults.registry import catalogue  # noqa: PLC0415

    entry = catalogue().entry(hidden.fault)
    console = out()
    console.print(
        f"[bold]{hidden.fault}[/bold], severity {hidden.severity:g}, from minute "
        f"{hidden.onset:g} on; layer: {hidden.layer.value}; "
        f"first seen in: {', '.join(hidden.agents) or 'no agent'}"
    )
    console.print(
        f"{hidden.impacted} answers changed, {hidden.spoiled} of them from right to wrong.\n"
    )
    console.print(entry.description + "\n", markup=False)
    console.print(f"How you would find it: {entry.fault.find}", markup=False)
    console.print(f"How you would fix it: {entry.fault.fix}\n", markup=False)


def _show_pair(run: Path, pair: TwinPair) -> None:
    from observability.trace_view.alignment import compare  # noqa: PLC0415
    from observability.trace_view.beside import render_comparison  # noqa: PLC0415
    from observability.trace_view.tree import build_tree  # noqa: PLC0415

    truth = pair.truth
    console = out()
    console.print(f"Question: {truth.question}", markup=False)
    console.print(f"Expected: {truth.expected}\nGiven:    {truth.given}\n", markup=False)
    if pair.healthy and pair.spans:
        sides = compare(build_tree(pair.healthy), build_tree(pair.spans))
        console.print(render_comparison(sides, width=console.width))
    console.print(f"\nAll of it: stillgreen trace {truth.trace_id} --run {run}", markup=False)


def _as_json(hidden: Hidden, pair: TwinPair | None) -> dict[str, object]:
    from faults.registry import catalogue  # noqa: PLC0415

    fault = catalogue().get(hidden.fault)
    found: dict[str, object] = {
        "fault": hidden.fault,
        "severity": hidden.severity,
        "layer": hidden.layer.value,
        "onset_minutes": hidden.onset,
        "agents": list(hidden.agents),
        "impacted": hidden.impacted,
        "from_right_to_wrong": hidden.spoiled,
        "find": fault.find,
        "fix": fault.fix,
    }
    if pair is not None:
        found["example"] = {
            "trace_id": pair.truth.trace_id,
            "twin": pair.truth.twin,
            "question": pair.truth.question,
            "expected": pair.truth.expected,
            "given": pair.truth.given,
            "where": None if pair.divergence is None else pair.divergence.where,
            "attribute": None if pair.divergence is None else pair.divergence.attribute,
        }
    return found


def _opened(run: Path) -> RunFolder:
    from observability.recording.run_folder import RunFolder  # noqa: PLC0415

    return RunFolder.open(run, hidden_too=True)


@contextmanager
def _told_errors() -> Iterator[None]:
    from faults.errors import UnknownFault  # noqa: PLC0415
    from observability.recording.errors import RecordingError  # noqa: PLC0415
    from services.lab.errors import LabError  # noqa: PLC0415

    try:
        yield
    except (LabError, RecordingError, UnknownFault) as error:
        err().print(str(error), markup=False)
        raise typer.Exit(2) from None


def _what_next(run: Path) -> str:
    return _NEXT.replace("RUN", str(run)).rstrip()


_NEXT = """An hour of traffic is in RUN. From some minute on, something is wrong in it.
Set measures side by side in time first, then look at what a single span says:
  stillgreen sql RUN "SELECT date_trunc('minute', start) AS minute, count(*) AS n, \
    avg(duration_ms), avg(abstained::int), avg(input_tokens), avg(top1_similarity), \
    avg(context_kept) FROM requests GROUP BY minute ORDER BY minute"
  stillgreen sql RUN "DESCRIBE spans"
  stillgreen trace TRACE_ID --run RUN
  stillgreen replay RUN --to http://127.0.0.1:4318
The folder sealed/ holds the answer: leave it alone. Other commands show it after the reveal.
`stillgreen faults` lists what it may be. Then say which layer, agent, fault and minute:
  stillgreen incident answer RUN --layer … --agent … --fault … --onset …
  stillgreen incident reveal RUN
"""
