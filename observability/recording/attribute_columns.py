"""Attributes as columns: one of its own for each key, so that they are small and can be queried.

A key whose values are not all of one type, or whose name would clash with
another column's, goes into one column of JSON text instead, and so do the
rarest keys when there are very many. Reading gives back what was written;
sequences come back as tuples.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import orjson
import pyarrow as pa

from observability.recording.records import Attributes

OTHER = "other_attributes"
"""The column of JSON text for what has no column of its own."""

MAX_COLUMNS = 400
_INT64 = 2**63
_SCALARS: Mapping[type, pa.DataType] = {
    str: pa.string(),
    bool: pa.bool_(),
    int: pa.int64(),
    float: pa.float64(),
}

Cells = list[tuple[int, Any]]
"""The rows that have a key, and their values."""


def encode(rows: Sequence[Attributes], taken: Collection[str]) -> dict[str, pa.Array]:
    """Return the columns of some rows' attributes by key, sorted; ``taken`` are no names for them.

    Raises ``TypeError`` for a value that no attribute can have.
    """
    cells: dict[str, Cells] = defaultdict(list)
    for number, attributes in enumerate(rows):
        for key, value in attributes.items():
            cells[key].append((number, value))
    types = _types(cells, taken)
    columns = {key: _column(cells[key], types[key], len(rows)) for key in sorted(types)}
    others: list[dict[str, Any]] = [{} for _ in rows]
    for key in sorted(cells.keys() - types.keys()):
        for number, value in cells[key]:
            others[number][key] = value
    if any(others):
        columns[OTHER] = pa.array([dump(other) if other else None for other in others], pa.string())
    return columns


def decode(table: pa.Table, core: Collection[str]) -> list[dict[str, Any]]:
    """Return the attributes of each row of a table; ``core`` are the columns that are none."""
    rows: list[dict[str, Any]] = [{} for _ in range(table.num_rows)]
    for name in table.column_names:
        if name in core:
            continue
        column = table.column(name).combine_chunks()
        present = column.is_valid().to_numpy(zero_copy_only=False).nonzero()[0].tolist()
        values = column.drop_null().to_pylist()
        if name == OTHER:
            for number, text in zip(present, values, strict=True):
                rows[number].update(load(text))
        elif pa.types.is_list(column.type):
            for number, value in zip(present, values, strict=True):
                rows[number][name] = tuple(value)
        else:
            for number, value in zip(present, values, strict=True):
                rows[number][name] = value
    return rows


def dump(attributes: Mapping[str, Any]) -> str:
    """Return attributes as JSON text, keys sorted."""
    try:
        text = orjson.dumps(attributes, option=orjson.OPT_SORT_KEYS)
    except (TypeError, orjson.JSONEncodeError):  # a whole number or a text beyond its means
        text = b"null"
    if b"null" in text:  # what is not finite, perhaps, which it cannot write
        return json.dumps(attributes, sort_keys=True, separators=(",", ":"))
    return text.decode()


def load(text: str) -> dict[str, Any]:
    """Return attributes from JSON text, with tuples for lists."""
    return {
        key: tuple(value) if isinstance(value, list) else value
        for key, value in json.loads(text).items()
    }


def _types(cells: Mapping[str, Cells], taken: Collection[str]) -> dict[str, pa.DataType]:
    # DuckDB's names differ by more than case, so ours do too.
    used = {name.lower() for name in taken} | {OTHER}
    chosen: dict[str, pa.DataType] = {}
    often_first = sorted(cells, key=lambda key: (-len(cells[key]), key))
    for key in often_first[:MAX_COLUMNS]:
        type_ = _type(value for _, value in cells[key])
        if type_ is not None and key and key.lower() not in used:
            used.add(key.lower())
            chosen[key] = type_
    return chosen


def _type(values: Iterable[Any]) -> pa.DataType | None:
    """Return the one type of all values, or None."""
    found: set[type] = set()
    elements: set[type] = set()
    for value in values:
        kind = type(value)
        if kind is tuple or kind is list:
            found.add(tuple)
            elements.update(map(type, value))
            if int in elements and any(_is_huge(item) for item in value):
                return None
        else:
            found.add(kind)
            if _is_huge(value):
                return None
    if len(found) != 1 or len(elements) > 1:
        return None
    (kind,) = found
    if kind is tuple:
        (element,) = elements or {str}
        scalar = _SCALARS.get(element)
        return None if scalar is None else pa.list_(pa.field("element", scalar))
    return _SCALARS.get(kind)


def _is_huge(value: object) -> bool:
    return type(value) is int and not -_INT64 <= value < _INT64


def _column(cells: Cells, type_: pa.DataType, rows: int) -> pa.Array:
    values: list[Any] = [None] * rows
    for number, value in cells:
        values[number] = value
    try:
        return pa.array(values, type_)
    except UnicodeEncodeError:  # half a surrogate pair, which no UTF-8 can hold
        return pa.array([_clean(value) for value in values], type_)


def _clean(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    return value if value is None else tuple(_clean(item) for item in value)
