"""A progress bar of things that are counted, e.g. the chunks of a first index."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from services.cli._output import err


@contextmanager
def counted_progress(
    label: str = "Building the index (once)",
) -> Iterator[Callable[[int, int], None]]:
    """Yield a callback for (done, in all); the bar appears with its first call."""
    from rich.progress import (  # noqa: PLC0415
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeRemainingColumn,
    )

    bar = Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(elapsed_when_finished=True),
        console=err(),
        transient=True,
    )
    task = None

    def advance(done: int, total: int) -> None:
        nonlocal task
        if task is None:
            bar.start()
            task = bar.add_task(label, total=total)
        bar.update(task, completed=done, total=total)
        if done >= total:
            bar.stop()
            task = None

    try:
        yield advance
    finally:
        bar.stop()
