"""What an expression in PromQL reads: the names of metrics, and how far it looks back.

Prometheus parses and evaluates it; this only looks through its words.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

_TOKEN: Final = re.compile(
    r"""(?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)
    |(?P<comment>\#[^\n]*)
    |(?P<duration>\d+(?:ms|[smhdwy])(?:\d+(?:ms|[smhdwy]))*(?![a-zA-Z0-9_]))
    |(?P<number>0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)
    |(?P<word>:*[a-zA-Z_][a-zA-Z0-9_:]*)
    |(?P<sign>=~|!~|!=|==|[^\s])""",
    re.VERBOSE,
)
_LISTS = frozenset({"by", "without", "on", "ignoring", "group_left", "group_right"})
_WORDS = frozenset({"and", "or", "unless", "bool", "offset", "atan2", "inf", "nan"})
_AGGREGATIONS = frozenset(
    {"sum", "min", "max", "avg", "group", "stddev", "stdvar", "count", "count_values"}
    | {"bottomk", "topk", "quantile"}
)
_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800, "y": 31536000}
_PART = re.compile(r"(\d+)(ms|[smhdwy])")


@dataclass(frozen=True, slots=True)
class Reads:
    """What an expression reads.

    ``names`` are those of metrics, in order; ``everything`` says that there is
    a selector without one name, so that any metric may be read.
    ``reach_seconds`` is not less than it looks back. ``by_the_step`` says that
    it refers to the bounds of a query, so that each moment is one of its own.
    """

    names: tuple[str, ...]
    everything: bool
    reach_seconds: float
    by_the_step: bool


def seconds_of(duration: str) -> float:
    """Return a duration such as ``1h30m`` in seconds; an empty one is 0."""
    return float(sum(int(n) * _SECONDS[unit] for n, unit in _PART.findall(duration)))


def reads_of(expression: str) -> Reads:
    """Look through an expression that Prometheus has accepted."""
    tokens = [
        (str(found.lastgroup), found.group())
        for found in _TOKEN.finditer(expression)
        if found.lastgroup != "comment"
    ]
    tokens.append(("sign", ""))
    names: dict[str, None] = {}
    reach, everything, by_the_step, at = 0.0, False, False, 0
    while at < len(tokens) - 1:
        kind, text = tokens[at]
        if kind == "duration":
            reach += seconds_of(text)
        elif text == "@" and tokens[at + 1][1].lower() in {"start", "end"}:
            by_the_step = True
        elif kind == "word":
            word, following = text.lower(), tokens[at + 1][1]
            if word in _LISTS:
                if following == "(":
                    at = _closed(tokens, at + 1, ")")
            elif word not in _WORDS and following != "(" and not _aggregates(word, following):
                names[text] = None
                if following == "{":
                    at = _closed(tokens, at + 1, "}")
        elif text == "{":
            end = _closed(tokens, at, "}")
            named = _named(tokens[at:end])
            everything = everything or not named
            names |= dict.fromkeys(named)
            at = end
        at += 1
    return Reads(tuple(names), everything, reach, by_the_step)


def _aggregates(word: str, following: str) -> bool:
    return word in _AGGREGATIONS and following.lower() in {"by", "without"}


def _closed(tokens: list[tuple[str, str]], at: int, end: str) -> int:
    while at < len(tokens) - 1 and tokens[at][1] != end:
        at += 1
    return at


def _named(tokens: list[tuple[str, str]]) -> list[str]:
    """Return the name that a selector in braces asks for, if it asks for one."""
    for place, (_, text) in enumerate(tokens[:-2]):
        if text == "__name__" and tokens[place + 1][1] == "=":
            return [tokens[place + 2][1][1:-1]]
    return []
