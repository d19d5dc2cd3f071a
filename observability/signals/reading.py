"""How signals read a trace: each of these makes the function that a ``Signal`` needs.

A value is looked for on the request's own span first where the same key stands
on spans below it too, since a trace is in order of start.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence

from observability.recording.records import SpanRecord
from observability.signals.trace import (
    Trace,
    as_number,
    as_numbers,
    as_texts,
    first,
    number,
    seconds,
    text,
    total,
)
from observability.telemetry import semconv

NumberOf = Callable[[Trace], float | None]
LabelOf = Callable[[Trace], str | None]


def number_of(key: str) -> NumberOf:
    """Return what reads an attribute as a number from the first span that has it."""
    return lambda trace: number(trace.having(key), key)


def label_of(key: str) -> LabelOf:
    """Return what reads an attribute as a text from the first span that has it."""
    return lambda trace: text(trace.having(key), key)


def share_of(part: str, whole: str) -> NumberOf:
    """Return what divides one attribute by another; None where the whole is nothing."""

    def of(trace: Trace) -> float | None:
        return ratio(number(trace.having(part), part), number(trace.having(whole), whole))

    return of


def check_of(name: str) -> NumberOf:
    """Return what reads the score of a check on the answer."""
    return lambda trace: trace.evaluations.get(name)


def time_in(word: str) -> NumberOf:
    """Return what adds up how long the spans took whose name begins with a word."""
    return lambda trace: seconds(trace.named(word))


def cost_of(agent: str) -> NumberOf:
    """Return what adds up the cost of an agent's model calls."""
    return lambda trace: total(trace.calls(agent), semconv.COST_USD)


def prompt_tokens_of(agent: str) -> NumberOf:
    """Return what adds up the input tokens of an agent's model calls."""
    return lambda trace: total(trace.calls(agent), semconv.GEN_AI_USAGE_INPUT_TOKENS)


def margin_of(confidence: str, alternatives: str) -> NumberOf:
    """Return what takes the best alternative's confidence from that of the choice."""

    def of(trace: Trace) -> float | None:
        chosen = number(trace.having(confidence), confidence)
        others = _confidences(first(trace.having(alternatives), alternatives))
        return None if chosen is None or not others else chosen - max(others)

    return of


def whole(trace: Trace, key: str) -> float | None:
    """Return a number that the request says of itself, on its workflow's span."""
    return number(trace.operation(semconv.OP_INVOKE_WORKFLOW), key)


def whole_or_calls(trace: Trace, key: str) -> float | None:
    """Return an attribute of the request as a whole, or its sum over the model calls."""
    there = whole(trace, key)
    return total(trace.operation(semconv.OP_CHAT), key) if there is None else there


def numbers(trace: Trace, key: str) -> Sequence[float]:
    """Return a list of numbers from the first span that has it."""
    return as_numbers(first(trace.having(key), key))


def texts(trace: Trace, key: str) -> Sequence[str] | None:
    """Return a list of texts from the first span that has it, None where none has one."""
    value = first(trace.having(key), key)
    return as_texts(value) if isinstance(value, tuple | list) else None


def distinct(trace: Trace, key: str) -> float | None:
    """Return how many different texts a list has, empty ones aside."""
    found = texts(trace, key)
    return None if found is None else float(len(set(found) - {""}))


def ratio(part: float | None, whole: float | None) -> float | None:
    """Return a part of a whole; None where either is not known or the whole is nothing."""
    return None if part is None or not whole else part / whole


def mean(values: Sequence[float]) -> float | None:
    """Return the mean, None of nothing."""
    return sum(values) / len(values) if values else None


def known(*values: float | None) -> list[float]:
    """Return the values that are known."""
    return [value for value in values if value is not None]


def clamped(value: float) -> float:
    """Return a value cut to 0 to 1."""
    return min(1.0, max(0.0, value))


def repeated(spans: Sequence[SpanRecord], key: str) -> float | None:
    """Return how many spans repeat the text that an earlier one has under a key."""
    found = [value for span in spans if isinstance(value := span.attributes.get(key), str)]
    return float(len(found) - len(set(found))) if found else None


def _confidences(value: object) -> list[float]:
    if not isinstance(value, str):
        return []
    try:
        parsed = json.loads(value)
    except (ValueError, RecursionError):
        return []
    return known(*map(as_number, parsed.values())) if isinstance(parsed, dict) else []
