"""A run's recording: a folder of Parquet parts, one for each block of sessions, and a manifest.

``manifest.json`` and ``spans/``, ``requests/``, ``metrics/`` and ``logs/`` are
open. ``sealed/`` holds what the run was made from and what is true of it; it
can be moved away, and nothing outside of it tells what was in it. Of an
incident it is hidden until somebody has it revealed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from observability.recording import manifest as manifests
from observability.recording import parts, span_table
from observability.recording import seal as seals
from observability.recording.block_parts import encoded_block
from observability.recording.errors import (
    BlockDoneError,
    DamagedRunError,
    FolderNotEmptyError,
)
from observability.recording.manifest import Manifest, State
from observability.recording.record_tables import LOGS, METRICS, REQUESTS, TRUTH, RecordTable
from observability.recording.records import (
    Attributes,
    AttributeValue,
    LogRecord,
    MetricRecord,
    SpanRecord,
    TruthRecord,
)
from observability.recording.request_rows import RequestRow
from observability.recording.seal import Seal

R = TypeVar("R")
_SEALED = {"truth": seals.TRUTH, "twins": seals.TWINS}

OPEN_TABLES = ("spans", "requests", "metrics", "logs")


class RunFolder:
    """The folder of one run; workers write blocks into it, each on its own.

    A block's parts are renamed into place one after the other, the one with
    the spans last: a block without it was cut short and is written again. The
    bytes of a part depend on nothing but its records.
    """

    def __init__(self, path: Path, manifest: Manifest, hidden_too: bool = False) -> None:
        """Take a folder and its manifest; use ``create`` or ``open``."""
        self.path = path
        self.manifest = manifest
        self._hidden_too = hidden_too

    @classmethod
    def create(
        cls,
        path: Path,
        run_id: str,
        versions: Mapping[str, str],
        resources: Mapping[str, Attributes] | None = None,
    ) -> RunFolder:
        """Make the folder; ``FolderNotEmptyError`` if there is anything in it.

        ``run_id`` tells nothing of what the run is made from. ``resources``
        are the resource attributes of each service, kept once.
        """
        cls.check_free(path)
        try:
            for name in OPEN_TABLES:
                (path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise parts.cannot_write(path, error) from error
        manifest = Manifest(
            run_id=run_id,
            state="running",
            versions=dict(versions),
            resources={
                service: {key: _plain(value) for key, value in attributes.items()}
                for service, attributes in (resources or {}).items()
            },
        )
        manifests.write(path, manifest)
        return cls(path, manifest)

    @staticmethod
    def check_free(path: Path) -> None:
        """Raise ``FolderNotEmptyError`` if something is where a new folder should be."""
        if path.exists() and not path.is_dir():
            raise FolderNotEmptyError(f"{path} is a file; name a new folder for the recording")
        if path.is_dir() and any(path.iterdir()):
            raise FolderNotEmptyError(
                f"{path} is not empty, and nothing is overwritten. Name another folder, or resume"
                " the run that is in it."
            )

    @classmethod
    def open(cls, path: Path, hidden_too: bool = False) -> RunFolder:
        """Open a folder to read it, or to go on writing.

        ``hidden_too`` is for who scores or reveals an incident; nobody else
        reads a sealed part that is hidden.
        Raises ``NotARunError``, ``ForeignVersionError`` or ``DamagedRunError``.
        """
        return cls(path, manifests.read(path), hidden_too)

    @property
    def sealed(self) -> bool:
        """Tell whether the sealed part is there."""
        return (self.path / seals.SEALED).is_dir()

    @property
    def hidden(self) -> bool:
        """Tell whether the sealed part is hidden from this reader, as an incident's is."""
        return not self._hidden_too and seals.is_hidden(self.path)

    def done_blocks(self) -> set[int]:
        """Return the numbers of the blocks that are complete."""
        return set(parts.parts(self.path / "spans"))

    def write_block(
        self,
        number: int,
        spans: Sequence[SpanRecord],
        metrics: Sequence[MetricRecord] = (),
        logs: Sequence[LogRecord] = (),
        truth: Sequence[TruthRecord] = (),
        twins: Sequence[SpanRecord] = (),
    ) -> None:
        """Write a block: all of it or, after a crash, nothing that counts.

        ``twins`` are the spans of healthy runs that the truth refers to; they
        are sealed with it, since whose twin is there has been hit.
        Raises ``BlockDoneError``, ``DiskFullError``, or ``RecordingError`` for
        a record that cannot be kept.
        """
        last = self._part("spans", number)
        if last.exists():
            raise BlockDoneError(f"{last} is complete already; only missing blocks are written")
        # All are encoded before the first is written: what cannot be kept leaves nothing behind.
        encoded = encoded_block(spans, metrics, logs, truth, twins)
        for table, data in encoded.items():
            if data is not None:
                path = self._part(table, number)
                try:
                    path.parent.mkdir(parents=True, exist_ok=True)
                except OSError as error:
                    raise parts.cannot_write(path.parent, error) from error
                parts.write_atomically(path, data)

    def seal(
        self,
        scenario_text: str,
        seed: int,
        arms: Sequence[str],
        settings: Mapping[str, Any] | None = None,
        hidden: bool = False,
    ) -> None:
        """Lay down what the run is made from, apart from what is observed.

        What is sealed stays ``hidden`` from readers until ``reveal``.
        """
        seal = Seal(scenario_text, seed, tuple(arms), settings or {})
        seals.write(self.path, self.manifest.run_id, seal, hidden)

    def reveal(self) -> None:
        """Let everybody read the sealed part from now on; ``RunFolderError`` if it cannot be."""
        seals.reveal(self.path)

    def read_seal(self) -> Seal:
        """Return what the run was made from; ``TruthMissingError`` if it is gone or hidden."""
        self._check_open("truth")
        return seals.read(self.path)

    def finish(self, state: State) -> None:
        """Write the manifest with counts and checksums; remove what a crash left behind.

        To be called when no worker writes any more.
        """
        for path in parts.leftovers(self.path):
            path.unlink(missing_ok=True)
        done = self.done_blocks()
        files: dict[str, str] = {}
        counts: dict[str, int] = {}
        content: dict[str, str] = {}
        for table in OPEN_TABLES:
            found = [path for n, path in self.parts(table).items() if n in done]
            counts[table] = sum(map(parts.rows, found))
            content[table] = parts.total_digest(found)
            files |= {self._relative(path): parts.file_checksum(path) for path in found}
        if self.sealed:
            truth = [path for n, path in self._files("truth").items() if n in done]
            twins = [path for n, path in self._files("twins").items() if n in done]
            seals.write_checksums(self.path, truth, twins)
        self.manifest = self.manifest.model_copy(
            update={"state": state, "counts": counts, "content": content, "files": files}
        )
        manifests.write(self.path, self.manifest)

    def verify(self, tables: Iterable[str] = (*OPEN_TABLES, "truth")) -> None:
        """Compare files with their checksums; ``DamagedRunError`` names the one that differs.

        While a run goes on there are no checksums, and nothing is compared.
        """
        expected = self.manifest.files | seals.checksums(self.path)
        wanted = {seals.SEALED if table in _SEALED else table for table in tables}
        for name, known in sorted(expected.items()):
            if name.partition("/")[0] not in wanted:
                continue
            path = self.path / name
            if not path.is_file():
                raise DamagedRunError(
                    f"{path} is missing. Take it from a copy, or make the recording again."
                )
            if parts.file_checksum(path) != known:
                raise DamagedRunError(
                    f"{path} is not what was recorded: its checksum differs. Take it from a copy,"
                    " or make the recording again."
                )
        if self.manifest.state == "complete":
            for table in wanted & set(OPEN_TABLES):
                for path in self.parts(table).values():
                    if self._relative(path) not in expected:
                        raise DamagedRunError(
                            f"{path} does not belong to the recording. Move it away."
                        )

    def parts(self, table: str) -> Mapping[int, Path]:
        """Return the files of a table (spans, requests, metrics, logs, truth, twins) by block.

        ``TruthHiddenError`` for one of a sealed part that is hidden.
        """
        self._check_open(table)
        return self._files(table)

    def spans(self, block: int | None = None) -> Iterator[SpanRecord]:
        """Yield the spans, or those of one block, a block's traces one after the other."""
        found = self.parts("spans").values() if block is None else [self._part("spans", block)]
        for path in found:
            yield from span_table.from_table(parts.read(path))

    def twins(self) -> Iterator[SpanRecord]:
        """Yield the spans of the healthy runs that the truth refers to, as ``spans`` does."""
        done = self.done_blocks()
        for number, path in self.parts("twins").items():
            if number in done:
                yield from span_table.from_table(parts.read(path))

    def requests(self, block: int | None = None) -> Iterator[RequestRow]:
        """Yield a row for each request, or each of one block, in the order of ``spans``."""
        return self._records("requests", REQUESTS, block)

    def metrics(self, block: int | None = None) -> Iterator[MetricRecord]:
        """Yield the points of the metrics, or those of one block."""
        return self._records("metrics", METRICS, block)

    def logs(self, block: int | None = None) -> Iterator[LogRecord]:
        """Yield the log records, or those of one block."""
        return self._records("logs", LOGS, block)

    def truth(self, block: int | None = None) -> Iterator[TruthRecord]:
        """Yield the truth, or that of one block; ``TruthMissingError`` if it is gone or hidden."""
        self._check_open("truth")
        there = self.parts("truth") if block is None else (self.path / seals.TRUTH).is_dir()
        if not there:
            raise seals.missing(self.path)
        return self._records("truth", TRUTH, block)

    def _records(
        self, table: str, records: RecordTable[R], block: int | None = None
    ) -> Iterator[R]:
        if block is not None:
            path = self._part(_SEALED.get(table, table), block)
            if path.exists():
                yield from records.from_table(parts.read(path))
            return
        done = self.done_blocks()
        for number, path in self.parts(table).items():
            if number in done:
                yield from records.from_table(parts.read(path))

    def _check_open(self, table: str) -> None:
        if table in _SEALED and self.hidden:
            raise seals.hidden(self.path)

    def _files(self, table: str) -> Mapping[int, Path]:
        return parts.parts(self.path / _SEALED.get(table, table))

    def _part(self, table: str, number: int) -> Path:
        return self.path / table / parts.part_name(number)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()


def _plain(value: AttributeValue) -> Any:
    return list(value) if isinstance(value, tuple | list) else value
