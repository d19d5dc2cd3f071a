"""A run's recording: a folder of Parquet parts, one for each block of sessions, and a manifest.

``manifest.json`` and ``spans/``, ``requests/``, ``metrics/`` and ``logs/`` are
open. ``sealed/`` holds what the run was made from and what is true of it; it
can be moved away, and nothing outside of it tells what was in it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from observability.recording import manifest as manifests
from observability.recording import parts, span_table
from observability.recording.errors import (
    BlockDoneError,
    DamagedRunError,
    FolderNotEmptyError,
    TruthMissingError,
)
from observability.recording.manifest import Manifest, State
from observability.recording.record_tables import LOGS, METRICS, REQUESTS, TRUTH, RecordTable
from observability.recording.records import (
    Attributes,
    LogRecord,
    MetricRecord,
    SpanRecord,
    TruthRecord,
)
from observability.recording.request_rows import RequestRow, request_rows

R = TypeVar("R")

OPEN_TABLES = ("spans", "requests", "metrics", "logs")
_SEALED = "sealed"
_TRUTH = f"{_SEALED}/truth"
_SCENARIO, _SEAL, _SEAL_CHECKSUMS = "scenario.yml", "seal.json", "checksums.json"


class RunFolder:
    """The folder of one run; workers write blocks into it, each on its own.

    A block's parts are renamed into place one after the other, the one with
    the spans last: a block without it was cut short and is written again. The
    bytes of a part depend on nothing but its records.
    """

    def __init__(self, path: Path, manifest: Manifest) -> None:
        """Take a folder and its manifest; use ``create`` or ``open``."""
        self.path = path
        self.manifest = manifest

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
        if path.exists() and not path.is_dir():
            raise FolderNotEmptyError(f"{path} is a file; name a new folder for the recording")
        try:
            if path.is_dir() and any(path.iterdir()):
                raise FolderNotEmptyError(
                    f"{path} is not empty, and nothing is overwritten. Name another folder, or"
                    " resume the run that is in it."
                )
            for name in OPEN_TABLES:
                (path / name).mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise parts.cannot_write(path, error) from error
        manifest = Manifest(
            run_id=run_id,
            state="running",
            versions=dict(versions),
            resources={
                service: {
                    key: list(value) if isinstance(value, tuple | list) else value
                    for key, value in attributes.items()
                }
                for service, attributes in (resources or {}).items()
            },
        )
        manifests.write(path, manifest)
        return cls(path, manifest)

    @classmethod
    def open(cls, path: Path) -> RunFolder:
        """Open a folder to read it, or to go on writing.

        Raises ``NotARunError``, ``ForeignVersionError`` or ``DamagedRunError``.
        """
        return cls(path, manifests.read(path))

    @property
    def sealed(self) -> bool:
        """Tell whether the sealed part is there."""
        return (self.path / _SEALED).is_dir()

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
    ) -> None:
        """Write a block: all of it or, after a crash, nothing that counts.

        Raises ``BlockDoneError``, ``DiskFullError``, or ``RecordingError`` for
        a record that cannot be kept.
        """
        last = self._part("spans", number)
        if last.exists():
            raise BlockDoneError(f"{last} is complete already; only missing blocks are written")
        spans = span_table.in_order(spans)
        rows = tuple(request_rows(spans))
        # All are encoded before the first is written: what cannot be kept leaves nothing behind.
        encoded = {
            _TRUTH: _encoded(TRUTH, sorted(truth, key=lambda t: (t.number, t.arm, t.trace_id))),
            "logs": _encoded(LOGS, sorted(logs, key=_log_order)),
            "metrics": _encoded(METRICS, sorted(metrics, key=_metric_order)),
            "requests": _encoded(REQUESTS, rows),
            "spans": parts.encode(span_table.to_table(spans), span_table.content_digest(spans)),
        }
        for table, data in encoded.items():
            if data is not None or table == "spans":
                path = self._part(table, number)
                path.parent.mkdir(parents=True, exist_ok=True)
                parts.write_atomically(path, data or b"")

    def seal(self, scenario_text: str, seed: int, arms: Sequence[str]) -> None:
        """Lay down what the run is made from, apart from what is observed."""
        sealed = self.path / _SEALED
        try:
            sealed.mkdir(exist_ok=True)
        except OSError as error:
            raise parts.cannot_write(sealed, error) from error
        seal = {"run_id": self.manifest.run_id, "seed": seed, "arms": list(arms)}
        parts.write_atomically(sealed / _SCENARIO, scenario_text.encode())
        parts.write_atomically(sealed / _SEAL, _json(seal))

    def read_seal(self) -> tuple[str, int, tuple[str, ...]]:
        """Return the scenario's text, the seed and the arms; ``TruthMissingError``."""
        sealed = self.path / _SEALED
        if not (sealed / _SEAL).is_file() or not (sealed / _SCENARIO).is_file():
            raise self._truth_missing()
        try:
            seal = json.loads(parts.read_bytes(sealed / _SEAL))
            return (
                parts.read_bytes(sealed / _SCENARIO).decode(),
                int(seal["seed"]),
                tuple(seal["arms"]),
            )
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedRunError(f"{sealed / _SEAL} is damaged ({error})") from error

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
            content[table] = _total(found)
            files |= {self._relative(path): _checksum(path) for path in found}
        if self.sealed:
            self._finish_seal()
        self.manifest = self.manifest.model_copy(
            update={"state": state, "counts": counts, "content": content, "files": files}
        )
        manifests.write(self.path, self.manifest)

    def verify(self, tables: Iterable[str] = (*OPEN_TABLES, "truth")) -> None:
        """Compare files with their checksums; ``DamagedRunError`` names the one that differs.

        While a run goes on there are no checksums, and nothing is compared.
        """
        expected = dict(self.manifest.files)
        if self.sealed and (self.path / _SEALED / _SEAL_CHECKSUMS).is_file():
            expected |= self._seal_checksums()
        wanted = {"sealed" if table == "truth" else table for table in tables}
        for name, known in sorted(expected.items()):
            if name.partition("/")[0] not in wanted:
                continue
            path = self.path / name
            if not path.is_file():
                raise DamagedRunError(
                    f"{path} is missing. Take it from a copy, or make the recording again."
                )
            if _checksum(path) != known:
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
        """Return the files of a table (spans, requests, metrics, logs, truth) by block."""
        return parts.parts(self.path / (_TRUTH if table == "truth" else table))

    def spans(self) -> Iterator[SpanRecord]:
        """Yield the spans, block by block, a block's traces one after the other."""
        for path in self.parts("spans").values():
            yield from span_table.from_table(parts.read(path))

    def requests(self) -> Iterator[RequestRow]:
        """Yield a row for each request, in the order of ``spans``."""
        return self._records("requests", REQUESTS)

    def metrics(self) -> Iterator[MetricRecord]:
        """Yield the points of the metrics, block by block."""
        return self._records("metrics", METRICS)

    def logs(self) -> Iterator[LogRecord]:
        """Yield the log records, block by block."""
        return self._records("logs", LOGS)

    def truth(self) -> Iterator[TruthRecord]:
        """Yield the truth, block by block; ``TruthMissingError`` if the seal is gone."""
        if not self.parts("truth"):
            raise self._truth_missing()
        return self._records("truth", TRUTH)

    def _records(self, table: str, records: RecordTable[R]) -> Iterator[R]:
        done = self.done_blocks()
        for number, path in self.parts(table).items():
            if number in done:
                yield from records.from_table(parts.read(path))

    def _part(self, table: str, number: int) -> Path:
        return self.path / table / parts.part_name(number)

    def _relative(self, path: Path) -> str:
        return path.relative_to(self.path).as_posix()

    def _truth_missing(self) -> TruthMissingError:
        return TruthMissingError(
            f"{self.path / _SEALED} is not there or not whole: the truth was moved away or"
            " deleted, or never recorded. Put it back to compare with it."
        )

    def _finish_seal(self) -> None:
        sealed = self.path / _SEALED
        done = self.done_blocks()
        found = [path for n, path in self.parts("truth").items() if n in done]
        files = [path for name in (_SCENARIO, _SEAL) if (path := sealed / name).is_file()]
        checksums = {
            "truth": sum(map(parts.rows, found)),
            "content": _total(found),
            "files": {self._relative(path): _checksum(path) for path in (*files, *found)},
        }
        parts.write_atomically(sealed / _SEAL_CHECKSUMS, _json(checksums))

    def _seal_checksums(self) -> dict[str, str]:
        path = self.path / _SEALED / _SEAL_CHECKSUMS
        try:
            return dict(json.loads(parts.read_bytes(path))["files"])
        except (ValueError, KeyError, TypeError) as error:
            raise DamagedRunError(f"{path} is damaged ({error})") from error


def _encoded(table: RecordTable[R], records: Sequence[R]) -> bytes | None:
    if not records:
        return None
    return parts.encode(table.to_table(records), table.digest(records))


def _total(paths: Iterable[Path]) -> str:
    total = sum(map(parts.digest, paths)) % span_table.DIGEST_RANGE
    return f"{total:032x}"


def _checksum(path: Path) -> str:
    return manifests.checksum(parts.read_bytes(path))


def _json(value: Mapping[str, Any]) -> bytes:
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def _log_order(log: LogRecord) -> tuple[Any, ...]:
    return (log.time_ns, log.service, log.trace_id or "", log.span_id or "", log.body)


def _metric_order(metric: MetricRecord) -> tuple[Any, ...]:
    labels = sorted(map(str, metric.attributes.items()))
    return (metric.time_ns, metric.start_ns, metric.service, metric.name, labels)
