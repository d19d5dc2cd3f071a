"""A run's recording: a folder of Parquet parts, one for each block of sessions, and a manifest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Literal

from observability.recording.records import (
    Attributes,
    LogRecord,
    MetricRecord,
    SpanRecord,
    TruthRecord,
)

State = Literal["running", "complete", "interrupted"]


class RunFolder:
    """The folder of one run; workers write blocks into it, each on its own."""

    path: Path

    @classmethod
    def create(
        cls,
        path: Path,
        run_id: str,
        versions: Mapping[str, str],
        resources: Mapping[str, Attributes] | None = None,
    ) -> RunFolder:
        """Make the folder; ``FolderNotEmptyError`` if there is anything in it.

        ``resources`` are the resource attributes of each service, kept once.
        """
        raise NotImplementedError

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a folder to read it, or to go on writing.

        Raises ``NotARunError``, ``ForeignVersionError`` or ``DamagedRunError``.
        """
        raise NotImplementedError

    def done_blocks(self) -> set[int]:
        """Return the numbers of the blocks that are complete."""
        raise NotImplementedError

    def write_block(
        self,
        number: int,
        spans: Sequence[SpanRecord],
        metrics: Sequence[MetricRecord] = (),
        logs: Sequence[LogRecord] = (),
        truth: Sequence[TruthRecord] = (),
    ) -> None:
        """Write a block: all of it or, after a crash, nothing that counts.

        Raises ``BlockDoneError`` or ``DiskFullError``.
        """
        raise NotImplementedError

    def seal(self, scenario_text: str, seed: int, arms: Sequence[str]) -> None:
        """Lay down what the run was made from, apart from what was observed."""
        raise NotImplementedError

    def finish(self, state: State) -> None:
        """Write the manifest with counts and checksums; remove what a crash left behind."""
        raise NotImplementedError

    def verify(self) -> None:
        """Compare every file with its checksum; ``DamagedRunError`` names the one that differs."""
        raise NotImplementedError

    def spans(self) -> Iterator[SpanRecord]:
        """Yield the spans, block by block, a block's traces one after the other."""
        raise NotImplementedError

    def truth(self) -> Iterator[TruthRecord]:
        """Yield the truth, block by block; ``TruthMissingError`` if the seal is gone."""
        raise NotImplementedError
