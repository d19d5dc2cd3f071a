"""The progress bars of a run."""

from __future__ import annotations

from typing import Any

from services.cli._output import err


class RunBars:
    """A bar for indexes, and one for requests with rate and time left."""

    def __init__(self) -> None:
        from rich.progress import (  # noqa: PLC0415
            BarColumn,
            MofNCompleteColumn,
            Progress,
            TextColumn,
            TimeRemainingColumn,
        )

        self._progress = Progress(
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[rate]}"),
            TimeRemainingColumn(elapsed_when_finished=True),
            console=err(),
        )
        self._index: Any = None
        self._asking: Any = None

    def __enter__(self) -> RunBars:
        self._progress.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._progress.stop()

    def index(self, done: int, total: int) -> None:
        """Show how far an index is that is built."""
        if self._index is None:
            self._index = self._progress.add_task("building an index (once)", total=total, rate="")
        self._progress.update(self._index, completed=done, total=total)
        if done >= total:
            self._index = None  # the next one has a bar of its own

    def requests(self, progress: Any) -> None:
        """Show how far the run is."""
        if self._asking is None:
            self._asking = self._progress.add_task(
                "requests", total=progress.total, completed=progress.done, rate=""
            )
        rate = f"{progress.per_second:.1f} a second" if progress.seconds else ""
        self._progress.update(self._asking, completed=progress.done, rate=rate)
