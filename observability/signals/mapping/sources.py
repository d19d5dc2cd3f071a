"""Finds the values that a mapping file asks for in a span."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Mapping, Sequence
from fnmatch import translate
from functools import cached_property
from typing import Any

from observability.recording.records import SpanRecord
from observability.signals.mapping.form import Source, as_text

_INDEX = re.compile(r"\.\d+(?=\.|$)")
_PATTERN = re.compile(r"[*?\[]")


class SpanView:
    """A span as sources look at it; what takes effort is done at most once."""

    def __init__(self, span: SpanRecord) -> None:
        self.span = span
        self.attributes = span.attributes
        self._parsed: dict[str, Any] = {}

    @cached_property
    def flattened(self) -> Mapping[str, tuple[Any, ...]]:
        """Return lists that came as one attribute for each element, by key with * for the index."""
        found: dict[str, list[tuple[tuple[int, ...], Any]]] = {}
        for key, value in self.attributes.items():
            indexes = _INDEX.findall(key)
            if indexes:
                place = tuple(int(index[1:]) for index in indexes)
                found.setdefault(_INDEX.sub(".*", key), []).append((place, value))
        return {
            key: tuple(value for _, value in sorted(values, key=lambda pair: pair[0]))
            for key, values in found.items()
        }

    def parsed(self, key: str) -> Any:
        """Return an attribute that is JSON text as what it says, None where it is none."""
        if key not in self._parsed:
            text = self.attributes.get(key)
            try:
                self._parsed[key] = json.loads(text) if isinstance(text, str) else None
            except (ValueError, RecursionError):
                self._parsed[key] = None
        return self._parsed[key]

    def of_events(self, name: str, key: str) -> tuple[Any, ...] | None:
        """Return an attribute of all events of a name that have it, None where none has."""
        found = [
            event.attributes[key]
            for event in self.span.events
            if event.name == name and key in event.attributes
        ]
        return tuple(found) or None


def find(source: Source, view: SpanView) -> Any:
    """Return the value that a source names, None where a span does not have it."""
    if source.constant is not None:
        return source.constant
    for key in source.from_:
        value = _raw(source, key, view)
        if value is not None:
            value = _finished(source, _placed(source, value, view))
            if value is not None:
                return value
    return None


def _raw(source: Source, key: str, view: SpanView) -> Any:
    if source.event is not None:
        found = view.of_events(source.event, key)
        if source.path is None or found is None:
            return found
        texts = [_walk(_load(text), source.path.split(".")) for text in found]
        return tuple(each for each in texts if each is not None) or None
    if source.path is not None:
        return _walk(view.parsed(key), source.path.split("."))
    if "*" in key:
        return view.flattened.get(key)
    return view.attributes.get(key)


def _placed(source: Source, value: Any, view: SpanView) -> Any:
    """Return the places of values among others, where that is what is asked for."""
    if source.among is None:
        return value
    others = [as_text(each) for each in view.flattened.get(source.among, ())]
    texts = [as_text(each) for each in (value if isinstance(value, tuple | list) else [value])]
    return tuple(others.index(each) for each in texts if each in others)


def _load(text: Any) -> Any:
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _walk(value: Any, steps: Sequence[str]) -> Any:
    """Return what lies at a path; * is every element of a list, of which those count that have it.

    A key may hold dots itself, as in ``{"document.score": 1}``.
    """
    if not steps:
        return value
    if isinstance(value, list):
        if steps[0] == "*":
            below = [_walk(each, steps[1:]) for each in value]
            return [each for each in below if each is not None]
        place = int(steps[0]) if steps[0].isdigit() else len(value)
        return _walk(value[place], steps[1:]) if place < len(value) else None
    if isinstance(value, dict):
        for length in range(len(steps), 0, -1):
            key = ".".join(steps[:length])
            if key in value:
                return _walk(value[key], steps[length:])
    return None


def _finished(source: Source, value: Any) -> Any:
    """Return a value as an attribute can have it, None where nothing can be made of it."""
    several = isinstance(value, tuple | list)
    if several and not value and source.take not in ("count", "list", None):
        return None
    each = list(value) if several else [value]
    if source.values:
        each = [_translated(source.values, item) for item in each]
    if source.scale is not None or source.offset is not None:
        numbers = _numbers(each)
        if len(numbers) != len(each):
            return None
        scale = 1.0 if source.scale is None else source.scale
        each = [number * scale + (source.offset or 0.0) for number in numbers]
    if source.take is not None:
        return _TAKES[source.take](each)
    if several:
        return tuple(each) if _is_plain_list(each) else None
    return each[0] if isinstance(each[0], str | bool | int | float) else None


def _translated(values: Mapping[str, Any], value: Any) -> Any:
    text = as_text(value)
    if text in values:
        return values[text]
    for pattern, ours in values.items():
        if _PATTERN.search(pattern) and matches(pattern, text):
            return ours
    return value


def matches(pattern: str, text: str) -> bool:
    """Tell whether a text fits a pattern with * and ?, in capitals or not."""
    return _compiled(pattern).match(text) is not None


_PATTERNS: dict[str, re.Pattern[str]] = {}


def _compiled(pattern: str) -> re.Pattern[str]:
    found = _PATTERNS.get(pattern)
    if found is None:
        found = _PATTERNS[pattern] = re.compile(translate(pattern), re.IGNORECASE)
    return found


def _is_plain_list(values: Sequence[Any]) -> bool:
    """Tell whether values can be a list as an attribute: plain, and all of one type."""
    return all(isinstance(each, str | bool | int | float) for each in values)


def _number(value: Any) -> float | None:
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, int | float) or not math.isfinite(value):
        return None
    return value


def _numbers(values: Sequence[Any]) -> list[float]:
    found = [_number(each) for each in values]
    return [each for each in found if each is not None]


def _over_numbers(of: Callable[[list[float]], float]) -> Callable[[list[Any]], Any]:
    def take(values: list[Any]) -> Any:
        numbers = _numbers(values)
        return of(numbers) if numbers else None

    return take


def _duplicates(values: list[Any]) -> float | None:
    return 1.0 - len({str(each) for each in values}) / len(values) if values else None


def _place(place: int) -> Callable[[list[Any]], Any]:
    def take(values: list[Any]) -> Any:
        return values[place] if values and _is_plain_list([values[place]]) else None

    return take


_TAKES: Mapping[str, Callable[[list[Any]], Any]] = {
    "list": lambda values: tuple(values) if _is_plain_list(values) else None,
    "first": _place(0),
    "last": _place(-1),
    "max": _over_numbers(max),
    "min": _over_numbers(min),
    "sum": _over_numbers(sum),
    "mean": _over_numbers(lambda numbers: sum(numbers) / len(numbers)),
    "count": len,
    "duplicates": _duplicates,
    "length": lambda values: sum(len(str(each)) for each in values),
    "number": lambda values: _number(values[0]) if values else None,
    "text": lambda values: str(values[0]) if values else None,
}
