"""Writes a recording in formats that others read: OTLP/JSON lines, and requests as CSV."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import astuple, dataclass, fields
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from observability.recording.errors import WouldOverwriteError
from observability.recording.otlp_json import log_lines, metric_lines, to_lines
from observability.recording.parts import cannot_write
from observability.recording.request_rows import RequestRow
from observability.recording.run_folder import RunFolder

Progress = Callable[[int, int], None]
"""Told how many blocks are done, of how many."""


SIGNALS = ("spans", "metrics", "logs")
"""What a file of OTLP/JSON can hold."""


@dataclass(slots=True)
class Exported:
    """How much was written."""

    traces: int = 0
    metrics: int = 0
    logs: int = 0


def export_otlp_json(
    folder: RunFolder,
    to: Path,
    progress: Progress | None = None,
    signals: Collection[str] = SIGNALS,
) -> Exported:
    """Write spans, a trace a line, then the points of metrics and the logs, block by block.

    The file is gzipped if its name ends in ``.gz``. Raises
    ``WouldOverwriteError`` if it is there already, ``DamagedRunError`` or
    ``DiskFullError``; then there is no file.
    """
    folder.verify(signals)
    exported = Exported()
    blocks = sorted(folder.done_blocks())
    with _new_file(to) as file:
        for done, block in enumerate(blocks, 1):
            for line in _lines(folder, block, signals, exported):
                file.write(line)
            if progress is not None:
                progress(done, len(blocks))
    return exported


def _lines(
    folder: RunFolder, block: int, signals: Collection[str], exported: Exported
) -> Iterator[bytes]:
    resources = folder.manifest.resources
    if "spans" in signals:
        for line in to_lines(folder.spans(block), resources):
            exported.traces += 1
            yield line
    if "metrics" in signals:
        metrics = list(folder.metrics(block))
        exported.metrics += len(metrics)
        yield from metric_lines(metrics, resources)
    if "logs" in signals:
        logs = list(folder.logs(block))
        exported.logs += len(logs)
        yield from log_lines(logs, resources)


def export_csv(folder: RunFolder, to: Path) -> int:
    """Write a row for each request, and return how many; files and errors as above.

    Lists are joined with ``;``, what is not known is empty, and times are UTC.
    """
    folder.verify(["requests"])
    names = [field.name for field in fields(RequestRow)]
    requests = 0
    with _new_file(to) as binary:
        file = io.TextIOWrapper(cast(IO[bytes], binary), encoding="utf-8", newline="")
        writer = csv.writer(file)
        writer.writerow(chain(names[:1], ["start"], names[1:]))
        for row in folder.requests():
            start = datetime.fromtimestamp(row.start_ns / 1e9, UTC).isoformat()
            trace_id, *others = map(_cell, astuple(row))
            writer.writerow([trace_id, start, *others])
            requests += 1
        file.detach()
    return requests


def _cell(value: Any) -> Any:
    return ";".join(value) if isinstance(value, tuple) else value


@contextmanager
def _new_file(path: Path) -> Iterator[IO[bytes] | gzip.GzipFile]:
    """Yield a file that gets its name when all is written; what fails leaves none behind."""
    if path.exists():
        raise WouldOverwriteError(
            f"{path} is there already, and nothing is overwritten. Name another file."
        )
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("xb") as raw:
            if path.suffix == ".gz":
                with gzip.GzipFile("", "wb", 6, raw, mtime=0) as zipped:
                    yield zipped
            else:
                yield raw
        temporary.replace(path)
    except OSError as error:
        raise cannot_write(path, error) from error
    finally:
        temporary.unlink(missing_ok=True)
