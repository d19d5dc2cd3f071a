"""Ranges that a rule states, and whether the figures of a question fall into them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.llm.values import Kind, find_values, parse_number

_CURRENCY = r"(?:[€$£]|EUR|USD|GBP|CHF)?\s?"
_N = r"\d[\d.,']*"
_TIME = r"(?:working |calendar )?(?:day|week|month|year|hour|minute)s?"
_UNIT = rf"€|EUR|USD|GBP|CHF|%|per ?cent|{_TIME}"
_AFTER = rf"(?:\s*(?P<unit>{_UNIT}))?"
_BETWEEN = re.compile(
    rf"(?P<n>{_N})\s*(?:€|%|\w+)?\s*(?:–|—|-|\bto\b|\band\b|\bup to\b|\bbut not\b)\s*"
    rf"(?:and including\s+)?{_CURRENCY}(?P<high>{_N}){_AFTER}",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:up to|at most|not? more than|less than|below|under|within|maximum(?: of)?)|[≤<])"
    rf"\s*(?:and including\s+)?{_CURRENCY}(?P<n>{_N}){_AFTER}",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:\b(?:above|over|more than|exceed\w*|at least|from|beyond|greater than|minimum)|[≥>])"
    rf"\s*{_CURRENCY}(?P<n>{_N}){_AFTER}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Range:
    """From ``low`` (not included, unless it is 0) to ``high`` (included), in units of a kind."""

    low: float
    high: float
    kind: Kind

    @property
    def is_closed(self) -> bool:
        """Tell whether both bounds are stated."""
        return self.low > 0 and self.high < float("inf")

    def holds(self, figure: float) -> bool:
        """Tell whether a figure falls into the range."""
        return self.low < figure <= self.high or (self.low == 0 and figure == 0)


@lru_cache(maxsize=16384)
def stated_range(text: str) -> Range | None:
    """Return the range that a sentence or row states, e.g. ``over 5,000 up to 25,000 EUR``."""
    low, high = _ABOVE.search(text), _BELOW.search(text)
    if low and high:
        a, b = parse_number(low["n"]), parse_number(high["n"])
        if a is not None and b is not None and a < b:
            return Range(a, b, _kind(high["unit"] or low["unit"]))
    between = _BETWEEN.search(text)
    if between:
        a, b = parse_number(between["n"]), parse_number(between["high"])
        if a is not None and b is not None and a < b:
            return Range(a, b, _kind(between["unit"]))
    for match, is_high in ((high, True), (low, False)):
        number = parse_number(match["n"]) if match else None
        if match and number is not None:
            bounds = (0.0, number) if is_high else (number, float("inf"))
            return Range(*bounds, _kind(match["unit"]))
    return None


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure that a question names, with what it counts."""

    amount: float
    kind: Kind


@lru_cache(maxsize=8192)
def named_figures(question: str) -> tuple[Figure, ...]:
    """Return the figures of a question; of a range that it names, one that lies inside."""
    named = stated_range(question)
    if named is not None:
        inside = (named.low + named.high) / 2 if named.is_closed else named.low * 1.01
        if named.low == 0:
            inside = named.high * 0.99
        return (Figure(inside, named.kind),)
    figures = []
    for value in find_values(question):
        number = parse_number(value.text) if value.kind in _COUNTED else None
        if number is not None:
            figures.append(Figure(number, value.kind))
    return tuple(figures)


_COUNTED = (Kind.MONEY, Kind.NUMBER, Kind.DURATION, Kind.PERCENT)


def _kind(unit: str | None) -> Kind:
    unit = (unit or "").casefold()
    if not unit:
        return Kind.NUMBER
    if unit == "%" or unit.startswith("per"):
        return Kind.PERCENT
    return Kind.DURATION if unit.rstrip("s").endswith(_TIMES) else Kind.MONEY


_TIMES = ("day", "week", "month", "year", "hour", "minute")
