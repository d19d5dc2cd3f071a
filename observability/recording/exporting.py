"""Writes a recording in formats that others read: OTLP/JSON lines, and requests as CSV."""

from __future__ import annotations

import csv
import gzip
import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import astuple, fields
from datetime import UTC, datetime
from itertools import chain
from pathlib import Path
from typing import IO, Any, cast

from observability.recording import span_table
from observability.recording.errors import WouldOverwriteError
from observability.recording.otlp_json import to_lines
from observability.recording.parts import cannot_write, read
from observability.recording.request_rows import RequestRow
from observability.recording.run_folder import RunFolder

Progress = Callable[[int, int], None]
"""Told how many blocks are done, of how many."""


def export_otlp_json(folder: RunFolder, to: Path, progress: Progress | None = None) -> int:
    """Write all spans, a trace a line, and return how many traces there are.

    The file is gzipped if its name ends in ``.gz``. Raises
    ``WouldOverwriteError`` if it is there already, ``DamagedRunError`` or
    ``DiskFullError``; then there is no file.
    """
    folder.verify(["spans"])
    traces = 0
    found = folder.parts("spans")
    with _new_file(to) as file:
        for done, path in enumerate(found.values(), 1):
            for line in to_lines(span_table.from_table(read(path)), folder.manifest.resources):
                file.write(line)
                traces += 1
            if progress is not None:
                progress(done, len(found))
    return traces


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
