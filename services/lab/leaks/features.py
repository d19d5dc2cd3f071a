"""What a judge could go by: everything that the spans of one request say, as numbers by name.

Left out is only what is another one for every request and so tells nothing:
ids as such, and the time of day.
"""

from __future__ import annotations

import re
from array import array
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import sparse

from observability.recording.records import Attributes, SpanRecord

_WORD = re.compile(r"\w+|\s+$")
_SHORT = 48
"""Characters up to which a text counts as one value; longer ones count by their words."""

_FEWEST = 5
"""Requests that must have a feature, however few there are."""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Requests in rows, what is told of them in columns."""

    values: sparse.csr_matrix
    names: tuple[str, ...]


def features(spans: Sequence[SpanRecord]) -> Mapping[str, float]:
    """Return all that a trace tells: its shape, times, sizes, and every attribute."""
    found: dict[str, float] = defaultdict(float)
    begins = min(span.start_ns for span in spans)
    names = {span.span_id: span.name.partition(" ")[0] for span in spans}
    values: dict[str, list[float]] = defaultdict(list)
    found["spans"] = len(spans)
    for span in spans:
        name = names[span.span_id]
        above = names.get(span.parent_id or "", "-")
        duration = span.end_ns - span.start_ns
        found[f"{above} > {span.name}"] += 1
        found[f"{name} of {span.service} is {span.kind} {span.status}"] += 1
        found[f"{name}: round nanoseconds"] += duration % 1000 == 0
        found["uneven nanoseconds"] += duration % 1000 != 0
        values[f"{name}: duration"].append(duration)
        values[f"{name}: begins after"].append(span.start_ns - begins)
        _attributes(name, span.attributes, found, values)
        for event in span.events:
            found[f"{name} * {event.name}"] += 1
            values[f"{name} * {event.name}: after"].append(event.time_ns - span.start_ns)
            _attributes(f"{name} * {event.name}", event.attributes, found, values)
    for key, numbers in values.items():
        found[f"mean of {key}"] = sum(numbers) / len(numbers)
        found[f"most of {key}"] = max(numbers)
    return found


def matrix(traces: Iterable[Sequence[SpanRecord]], rare: float = 0.01) -> Matrix:
    """Return the features of traces; what a share below ``rare`` of them has is left out."""
    columns: dict[str, int] = {}
    seen: Counter[int] = Counter()
    places, numbers, ends = array("q"), array("d"), array("q", [0])
    for spans in traces:
        for name, value in features(spans).items():
            if value:
                column = columns.setdefault(name, len(columns))
                seen[column] += 1
                places.append(column)
                numbers.append(value)
        ends.append(len(places))
    whole = sparse.csr_matrix(
        (np.asarray(numbers), np.asarray(places), np.asarray(ends)),
        shape=(len(ends) - 1, len(columns)),
    )
    least = max(_FEWEST, rare * whole.shape[0])
    kept = [column for column in range(len(columns)) if seen[column] >= least]
    names = tuple(columns)
    return Matrix(whole[:, kept], tuple(names[column] for column in kept))


def _attributes(
    where: str, attributes: Attributes, found: dict[str, float], values: dict[str, list[float]]
) -> None:
    for key, value in attributes.items():
        place = f"{where} . {key}"
        found[place] += 1
        if isinstance(value, tuple | list):
            values[f"{place}: number"].append(len(value))
            for item in value:
                _value(place, item, found, values)
        else:
            _value(place, value, found, values)


def _value(place: str, value: Any, found: dict[str, float], values: dict[str, list[float]]) -> None:
    if isinstance(value, str):
        values[f"{place}: length"].append(len(value))
        found["texts with blanks around"] += value != value.strip()
        if len(value) <= _SHORT:
            found[f"{place} = {value!r}"] += 1
            return
        for part in set(_WORD.findall(value)):
            found[f"{place} has {part!r}"] += 1
        for sign in set(value):
            if not (sign.isalnum() or sign.isspace()):
                found[f"{place} has {sign!r}"] += 1
    elif isinstance(value, bool):
        found[f"{place} = {value}"] += 1
    else:
        values[f"{place}: value"].append(value)
        written = repr(value)
        values[f"{place}: digits"].append(len(written))
        if len(written) <= 6:
            found[f"{place} = {written}"] += 1
