"""Records a run with progress bars."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from services.cli._output import err

if TYPE_CHECKING:
    from observability.recording.run_folder import RunFolder
    from services.lab.runs.engine import Ran
    from services.lab.runs.scenario import Scenario
    from services.settings import Settings


def record(folder: RunFolder, scenario: Scenario, settings: Settings, workers: int) -> Ran:
    """Complete a recording as far as it gets, with 0 ``workers`` on every core."""
    from services.lab.runs.engine import Engine  # noqa: PLC0415 - heavy import

    with RunBars() as bars:
        return Engine(
            folder,
            scenario,
            settings,
            workers or os.cpu_count() or 1,
            on_index=bars.index,
            on_block=bars.requests,
        ).run()


def say_how_to_go_on(folder: RunFolder) -> None:
    """Say how a recording that was broken off is completed."""
    err().print(f"Broken off. Go on with `stillgreen run --resume --out {folder.path}`")


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
