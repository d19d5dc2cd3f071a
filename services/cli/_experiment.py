"""Runs an experiment in this process in virtual time, with progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from services.cli._output import err

if TYPE_CHECKING:
    from rich.progress import TaskID

    from services.lab.demo import Comparison
    from services.lab.outcome import Item
    from services.settings import Settings
    from services.wiring import System

DrawItems = Callable[["System"], Sequence["Item"]]

START_NS = 1_782_813_600 * 1_000_000_000
"""When an experiment begins in virtual time: 2026-06-30, 10:00 UTC, the company's today."""


def check_faults(faults: Sequence[str], settings: Settings) -> None:
    """Refuse what cannot be planned as a wrong use of the command; each fault is alone."""
    import typer  # noqa: PLC0415

    from faults.errors import PlanError  # noqa: PLC0415
    from faults.plan import parse_plan  # noqa: PLC0415
    from services.lab.placing import check_placed  # noqa: PLC0415 - heavy import

    try:
        parse_plan(faults)
        for fault in faults:
            check_placed(parse_plan([fault]), settings)
    except PlanError as error:
        raise typer.BadParameter(str(error), param_hint="--fault") from None


def refuse_elsewhere(settings: Settings) -> None:
    """Refuse a run whose settings place a service in another process, naming them."""
    import typer  # noqa: PLC0415

    from services.settings import variable_of  # noqa: PLC0415

    if settings.remote:
        fields = ("llm_base_url", "retrieval_url", "erp_url", "chroma_url")
        found = ", ".join(variable_of(field) for field in fields if getattr(settings, field))
        raise typer.BadParameter(
            "a run lives in virtual time and has all services in its own processes; "
            f"unset {found}, which places a part of them elsewhere"
        )


def run_comparison(
    settings: Settings, faults: Sequence[str], seed: int, draw: DrawItems, keep_spans: bool
) -> Comparison:
    """Compare the healthy application with itself under each fault and keep the truth of it."""
    import asyncio  # noqa: PLC0415

    from observability.clock import Clock, RealClock  # noqa: PLC0415
    from services.lab.demo import compare, truth_of  # noqa: PLC0415
    from services.lab.mix import asked_under  # noqa: PLC0415
    from services.lab.truth import TruthLedger  # noqa: PLC0415
    from services.virtual_time import VirtualClock, run_virtual  # noqa: PLC0415
    from services.wiring import build_system  # noqa: PLC0415

    async def work(clock: Clock) -> Comparison:
        with Bars() as bars:
            async with build_system(settings, clock, progress=bars.index) as system:
                items = draw(system)
                world = system.foundation.world.world()
                return await compare(
                    system,
                    items,
                    faults,
                    seed,
                    progress=bars.questions,
                    keep_spans=keep_spans,
                    asked_under=lambda plan: asked_under(plan, items, world, seed),
                )

    # A part of the system that is a real process elsewhere lives in real time.
    if settings.remote:
        comparison = asyncio.run(work(RealClock()))
    else:
        comparison = run_virtual(work(VirtualClock(START_NS)), START_NS)
    failed = sum(o.status != 200 for arm in comparison.arms for o in arm.outcomes)
    if failed:
        err().print(
            f"[yellow]{failed} requests failed and count as wrong; the log says why.[/yellow]"
        )
    TruthLedger(settings.home / "truth" / "truth.sqlite").add(truth_of(comparison))
    return comparison


class Bars:
    """One bar for building indexes and one for each arm."""

    def __init__(self) -> None:
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeElapsedColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeElapsedColumn(),
            console=err(),
        )
        self._tasks: dict[str, TaskID] = {}

    def __enter__(self) -> Bars:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def index(self, done: int, total: int) -> None:
        # Each index is a bar of its own; the next one begins when one is whole.
        self._advance("building an index (once)", done, total)
        if done >= total:
            self._tasks.pop("building an index (once)", None)

    def questions(self, arm: str, done: int, total: int) -> None:
        self._advance(f"asking: {arm}", done, total)

    def _advance(self, name: str, done: int, total: int) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(name, total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)
