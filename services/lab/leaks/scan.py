"""Looks for words of the seal in everything that a recording shows outside of it."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import yaml

from faults.registry import catalogue
from observability.recording.errors import TruthMissingError
from observability.recording.record_tables import LOGS, METRICS, REQUESTS
from observability.recording.run_folder import RunFolder
from observability.recording.seal import SEALED
from observability.recording.span_table import CORE
from services.lab.runs.scenario_file import shipped

_SHORTEST = 4  # letters: a shorter word stands everywhere
_RAW = 6  # bytes: a shorter word comes about in compressed data by chance
_DIGEST = 12  # hexadecimal digits of a word's digest
_AROUND = 40
_BREAK = "\x00"

# What every recording has for columns, whatever was run, tells nothing of it.
_COLUMNS = frozenset(
    name.lower()
    for schema in (CORE, REQUESTS.schema, METRICS.schema, LOGS.schema)
    for name in schema.names
)

_HASHES = ("md5", "sha1", "sha256", "blake2b")


@dataclass(frozen=True, slots=True)
class Find:
    """A word in an open part: in which file, where in it, how often, and what stands around it.

    ``where`` is a column with its first row, ``bytes`` or ``name``; ``word``
    may be a digest of what was looked for.
    """

    word: str
    file: str
    where: str
    times: int
    around: str


def sealed_words(folder: RunFolder) -> tuple[str, ...]:
    """Return what must not be found: all faults' ids, scenarios' names, and what is sealed.

    Of the seal these are the names of its arms, its title and its description;
    without a seal only what is known of any run.
    """
    words = {entry.fault.id for entry in catalogue()} | set(shipped())
    try:
        seal = folder.read_seal()
    except TruthMissingError:
        return tuple(sorted(words))
    said: Any = yaml.safe_load(seal.scenario) or {}
    words |= {*seal.arms, *(str(said[key]) for key in ("title", "description") if said.get(key))}
    return tuple(sorted(word.strip() for word in words if len(word.strip()) >= _SHORTEST))


def scan(folder: RunFolder, words: Iterable[str]) -> list[Find]:
    """Return every place outside of the seal where a word stands, in whatever case.

    Files' names, bytes and decoded columns are looked through. A word is found
    as it is, with other signs for its underscores, and as the beginning of a
    usual digest. Names of the columns that every recording has are no finds.
    """
    forms = _forms(words)
    found: list[Find] = []
    for path in sorted(folder.path.rglob("*")):
        inside = path.relative_to(folder.path)
        if inside.parts[0] == SEALED:
            continue
        name = inside.as_posix()
        found += _in_text(forms, inside.name, name, "name")
        if path.is_file():
            found += _in_bytes(forms, path, name)
            if path.suffix == ".parquet":
                found += _in_parquet(forms, path, name)
    return found


class _Form(NamedTuple):
    """How a word may be written; ``alone`` if it must not be a part of a longer word."""

    text: str
    alone: bool

    def places(self, low: str) -> list[int]:
        """Return where it stands in a text of small letters."""
        if self.text not in low:
            return []
        found = [match.start() for match in re.finditer(re.escape(self.text), low)]
        if not self.alone:
            return found
        size = len(self.text)
        return [
            at
            for at in found
            if not low[at - 1 : at].isalpha() and not low[at + size : at + size + 1].isalpha()
        ]


def _forms(words: Iterable[str]) -> list[_Form]:
    ids = {entry.fault.id for entry in catalogue()}
    forms: set[_Form] = set()
    for word in words:
        low = word.lower()
        # An arm may be called "incident", and there are incidental costs.
        alone = low.isalpha() and word not in ids
        forms |= {_Form(low.replace("_", sign), alone) for sign in ("_", "-", " ", "")}
        digests = (hashlib.new(kind, word.encode()).hexdigest() for kind in _HASHES)
        forms |= {_Form(digest[:_DIGEST], False) for digest in digests}
    return sorted(forms)


def _in_bytes(forms: Sequence[_Form], path: Path, name: str) -> Iterator[Find]:
    data = path.read_bytes().decode("latin-1")  # a sign for each byte
    is_text, is_table = path.suffix == ".json", path.suffix == ".parquet"
    wanted = [
        form
        for form in forms
        if (is_text or len(form.text) >= _RAW)
        and not (is_table and any(form.text in column for column in _COLUMNS))
    ]
    yield from _in_text(wanted, data, name, "bytes")


def _in_parquet(forms: Sequence[_Form], path: Path, name: str) -> Iterator[Find]:
    file = pq.ParquetFile(path)
    metadata = file.metadata.metadata or {}
    columns = [name for name in file.schema_arrow.names if name.lower() not in _COLUMNS]
    said = [file.metadata.created_by or "", *columns]
    said += [text.decode("utf-8", "replace") for pair in metadata.items() for text in pair]
    yield from _in_text(forms, _BREAK.join(said), name, "schema")
    for column in file.schema_arrow.names:
        values = file.read([column], use_threads=False).column(0)
        for where, texts, rows in _texts(column, values):
            for form, times, around in _hits(forms, _BREAK.join(texts)):
                pairs = zip(texts, rows, strict=True)
                row = next(row for text, row in pairs if form.places(text.lower()))
                yield Find(form.text, name, f"{where}, row {row}", times, around)


def _texts(column: str, values: pa.ChunkedArray) -> Iterator[tuple[str, list[str], Sequence[int]]]:
    """Yield what is text in a column: each value once, with the first row that has it."""
    kind = values.type
    if pa.types.is_string(kind):
        unique = values.unique()
        rows = pc.index_in(unique, values.combine_chunks()).to_pylist()
        pairs = [(t, r) for t, r in zip(unique.to_pylist(), rows, strict=True) if t is not None]
        yield column, [text for text, _ in pairs], [row for _, row in pairs]
    elif pa.types.is_list(kind):
        inner = kind.value_type
        if pa.types.is_string(inner) or pa.types.is_struct(inner):
            texts, rows = [], []
            for row, value in enumerate(values.to_pylist()):
                if value:
                    texts.append(json.dumps(value, ensure_ascii=False))
                    rows.append(row)
            yield column, texts, rows


def _in_text(forms: Sequence[_Form], text: str, name: str, where: str) -> Iterator[Find]:
    for form, times, around in _hits(forms, text):
        yield Find(form.text, name, where, times, around)


def _hits(forms: Sequence[_Form], text: str) -> Iterator[tuple[_Form, int, str]]:
    """Yield each form that stands in a text, how often, and what is around it first."""
    low = text.lower()
    for form in forms:
        places = form.places(low)
        if places:
            at = places[0]
            around = text[max(0, at - _AROUND) : at + len(form.text) + _AROUND]
            yield form, len(places), around.replace(_BREAK, " | ")
