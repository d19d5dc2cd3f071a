"""Signals of a recording, worked out block by block and kept beside it.

``signals/`` in a run's folder holds a part for each block. It can be deleted at
any time. A part is made anew when the code of a signal, the mapping of names or
the block's spans are no longer those that it was made from.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import Final, Protocol

import pyarrow as pa

from observability.recording import attribute_columns, parts, span_table
from observability.recording.errors import DamagedRunError, RunFolderError
from observability.recording.records import SpanRecord
from observability.recording.run_folder import RunFolder
from observability.signals.signal import load_signals
from observability.signals.sources import keys_in
from observability.signals.table import in_order, signal_table, table_schema
from observability.telemetry import semconv

_log = logging.getLogger(__name__)

FOLDER: Final = "signals"

Progress = Callable[[int, int], None]
"""Told how many blocks are done, of how many."""


class Renaming(Protocol):
    """Turns the spans of another application's trace into spans with our names."""

    @property
    def digest(self) -> str:
        """Return what stands for all that it does."""
        ...

    def apply(self, spans: Sequence[SpanRecord]) -> Sequence[SpanRecord]:
        """Return the spans of one trace with our names."""
        ...


def signals_of(
    folder: RunFolder, on_part: Progress | None = None, mapping: Renaming | None = None
) -> pa.Table:
    """Return the signals of all requests of a recording, in order of start.

    What is kept already is read, the rest is worked out and kept; where it
    cannot be kept it is worked out all the same. Raises ``DamagedRunError``
    for a part of the recording that cannot be read.
    """
    blocks = folder.parts("spans")
    tables = [table_schema(load_signals()).empty_table()]
    for done, (number, spans) in enumerate(blocks.items(), 1):
        tables.append(_part(folder.path / FOLDER / parts.part_name(number), spans, mapping))
        if on_part is not None:
            on_part(done, len(blocks))
    return in_order(pa.concat_tables(tables))


@cache
def columns_needed() -> frozenset[str]:
    """Return the attributes that signals read: all that their source names.

    Prompts, answers and documents are most of a recording, and no signal reads
    them; leaving them on the disk is what makes it quick.
    """
    return frozenset().union(*(keys_in(text) for text in _sources()))


def _part(kept: Path, spans: Path, mapping: Renaming | None) -> pa.Table:
    digest = _digest(spans, mapping)
    try:
        if kept.is_file() and parts.digest(kept) == digest:
            return parts.read(kept).cast(table_schema(load_signals()))
    except (DamagedRunError, pa.ArrowInvalid, ValueError) as error:
        _log.debug("%s is made anew: %s", kept, error)
    table = signal_table(_traces(spans, mapping))
    try:
        kept.parent.mkdir(exist_ok=True)
        parts.write_atomically(kept, parts.encode(table, digest))
    except (RunFolderError, OSError) as error:
        _log.warning("signals are not kept: %s", error)
    return table


def _traces(path: Path, mapping: Renaming | None) -> Iterator[Sequence[SpanRecord]]:
    names = None
    if mapping is None:
        needed = columns_needed() | {*span_table.CORE.names, attribute_columns.OTHER}
        names = [name for name in parts.column_names(path) if name in needed]
    spans = span_table.from_table(parts.read(path, names))
    for _, group in groupby(spans, key=lambda span: span.trace_id):
        trace = tuple(group)
        yield trace if mapping is None else mapping.apply(trace)


def _digest(spans: Path, mapping: Renaming | None) -> int:
    """Return what stands for all that a part of signals is made from."""
    digest = hashlib.blake2b(digest_size=16)
    for text in (_code(), f"{parts.digest(spans):x}", mapping.digest if mapping else ""):
        digest.update(hashlib.blake2b(text.encode()).digest())
    return int.from_bytes(digest.digest(), "big")


@cache
def _code() -> str:
    """Return what stands for the code of all signals."""
    hashes = (hashlib.blake2b(text.encode()).hexdigest() for text in _sources())
    return hashlib.blake2b("".join(hashes).encode()).hexdigest()


@cache
def _sources() -> tuple[str, ...]:
    here = Path(__file__).parent
    files = [*sorted(here.glob("*.py")), Path(semconv.__file__)]
    return tuple(path.read_text(encoding="utf-8") for path in files)
