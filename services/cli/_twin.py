"""``stillgreen ask --fault ID --twin``: an answer under a fault, and its healthy twin."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import typer

from services.cli._comparison import step_lines, trace_commands
from services.cli._output import out, print_json
from services.cli._progress import counted_progress

if TYPE_CHECKING:
    from observability.clock import Clock
    from services.client import Question
    from services.lab.story import Step
    from services.lab.twin import Answered, Twins
    from services.settings import Settings


def ask_with_twin(
    settings: Settings,
    asked: Question,
    before: str,
    faults: Sequence[str],
    twin: bool,
    as_json: bool,
) -> None:
    """Ask under the faults, with ``twin`` of the healthy application too, and print both.

    ``before`` is asked first in the same conversation, "" for nothing.
    """
    if not faults:
        raise typer.BadParameter("--twin compares with a fault; name one with --fault")
    _check(faults, settings)
    asked = replace(asked, seed=secrets.randbits(48) if asked.seed is None else asked.seed)
    healthy, degraded = _run(settings, asked, before, faults, twin)
    steps = _steps(healthy, degraded)
    if as_json:
        print_json(_json(asked, faults, healthy, degraded, steps))
        return
    from services.cli.ask import show  # noqa: PLC0415 - that module imports this one

    console = out()
    if healthy is None:
        show(degraded.answer)
        return
    console.print("[bold green]healthy[/bold green]")
    show(healthy.answer)
    console.print(f"\n[bold red]{', '.join(faults)}[/bold red]")
    show(degraded.answer)
    console.print("\n[bold]Through both traces[/bold]")
    console.print("\n".join(step_lines(steps)))
    traces = str(healthy.answer["trace_id"]), str(degraded.answer["trace_id"])
    console.print(f"\n{trace_commands(*traces)}", soft_wrap=True)


def _check(faults: Sequence[str], settings: Settings) -> None:
    """Refuse faults that cannot be in place together, or not here, as a wrong use."""
    from faults.errors import PlanError  # noqa: PLC0415
    from faults.plan import parse_plan  # noqa: PLC0415
    from services.lab.placing import check_placed  # noqa: PLC0415 - heavy import

    try:
        check_placed(parse_plan(faults), settings, asks=False)
    except PlanError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from None


def _run(
    settings: Settings, asked: Question, before: str, faults: Sequence[str], twin: bool
) -> tuple[Answered | None, Answered]:
    import asyncio  # noqa: PLC0415
    import time  # noqa: PLC0415

    from faults.plan import parse_plan  # noqa: PLC0415
    from observability.clock import RealClock  # noqa: PLC0415
    from services.lab.twin import Twins, ask_twins, ask_under  # noqa: PLC0415
    from services.virtual_time import VirtualClock, run_virtual  # noqa: PLC0415
    from services.wiring import build_system  # noqa: PLC0415 - heavy import

    plan = parse_plan(faults)

    async def work(clock: Clock) -> Twins | Answered:
        with counted_progress() as progress:
            async with build_system(settings, clock, progress=progress) as system:
                if twin:
                    return await ask_twins(system, asked, plan, before)
                return await ask_under(system, asked, plan, before)

    if settings.remote:
        done = asyncio.run(work(RealClock()))
    else:
        start_ns = time.time_ns()
        done = run_virtual(work(VirtualClock(start_ns)), start_ns)
    return (done.healthy, done.degraded) if isinstance(done, Twins) else (None, done)


def _steps(healthy: Answered | None, degraded: Answered) -> list[Step]:
    from services.lab.story import compare_traces  # noqa: PLC0415 - heavy import

    return [] if healthy is None else compare_traces(healthy.spans, degraded.spans)


def _json(
    asked: Question,
    faults: Sequence[str],
    healthy: Answered | None,
    degraded: Answered,
    steps: Sequence[Step],
) -> dict[str, Any]:
    return {
        "question": asked.text,
        "seed": asked.seed,
        "faults": list(faults),
        "answer": degraded.answer,
        "twin": None if healthy is None else healthy.answer,
        "steps": [{**asdict(step), "same": step.same} for step in steps],
    }
