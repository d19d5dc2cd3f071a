"""``stillgreen demo``: all monitoring stays green while the answers go wrong."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from services.cli._comparison import comparison_tables, story_text, trace_commands
from services.cli._experiment import check_faults, run_comparison
from services.cli._output import err, out


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "demo",
        epilog="Example: `stillgreen demo --questions 60 --json demo.json`",
        short_help="See answers go wrong while monitoring stays green.",
    )(demo)


def demo(
    questions: Annotated[int, typer.Option(min=1, max=5000, help="Questions an arm.")] = 120,
    seed: Annotated[int, typer.Option(min=0, help="Chooses questions and luck.")] = 7,
    fault: Annotated[
        list[str] | None,
        typer.Option("--fault", help="ID or ID=SEVERITY; may be repeated. Default: one of each."),
    ] = None,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write all of it to a file.")
    ] = None,
) -> None:
    """Ask the same questions healthy and under a chunking, a retrieval and a routing fault.

    Nothing has to run: all services are in this process, and their waiting is
    simulated, so that latencies are those of a served system.
    """
    import json  # noqa: PLC0415

    from services.lab.demo import DEMO_FAULTS, as_json  # noqa: PLC0415
    from services.lab.items import draw_items  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    faults = fault or list(DEMO_FAULTS)
    settings = load_settings()
    check_faults(faults, settings)
    if json_file is not None and not json_file.absolute().parent.is_dir():
        raise typer.BadParameter(f"there is no folder {json_file.parent}", param_hint="--json")
    comparison = run_comparison(
        settings,
        faults,
        seed,
        lambda system: draw_items(system.foundation.world.world(), seed, questions),
        keep_spans=True,
    )
    console = out()
    console.print(comparison_tables(comparison))
    console.print()
    if comparison.story is None:
        console.print("No answer went from right to wrong, so there is no story to tell.")
    else:
        story = comparison.story
        console.print(story_text(story))
        commands = trace_commands(story.healthy.trace_id, story.degraded.trace_id)
        console.print(f"\n{commands}", soft_wrap=True)
    if json_file is not None:
        json_file.write_text(
            json.dumps(as_json(comparison), ensure_ascii=False, allow_nan=False, indent=1) + "\n",
            encoding="utf-8",
        )
        err().print(f"Written: {json_file}")
