"""Rules and tables of signals for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from textwrap import dedent

import numpy as np
import pyarrow as pa

from observability.detectors.expressions import Checker
from observability.detectors.loading import parse_rule
from observability.detectors.yaml_rule import YamlRule
from observability.signals.signal import Signal
from observability.yaml_source import read_yaml

SECOND = 1_000_000_000

HEAD = """
title: A rule
severity: warning
description: What it looks at.
runbook: What to do.
layer: retrieval
"""
EXAMPLES = """
examples:
  positive: [{row: {top_score: 0.1}}]
  negative: [{row: {top_score: 0.9}}]
"""


def signal(name: str, kind: str = "number") -> Signal:
    return Signal(
        name=name,
        layer="retrieval",
        unit="1",
        describes="A signal of tests.",
        healthy="Whatever.",
        of=lambda trace: None,
        kind="label" if kind == "label" else "number",
    )


SIGNALS = {
    each.name: each
    for each in (
        signal("top_score"),
        signal("latency"),
        signal("answer_length"),
        signal("error_spans"),
        signal("status_code"),
        signal("route", "label"),
    )
}
KINDS = {name: each.kind for name, each in SIGNALS.items()}


def whole(body: str) -> str:
    """Return a rule's file with the parts that a test does not care about."""
    return HEAD + dedent(body) + ("" if "examples:" in body else EXAMPLES)


def yaml_rule(body: str) -> YamlRule:
    return YamlRule(parse_rule(read_yaml(whole(body), "rule.yml"), "rule", KINDS, Checker(KINDS)))


def requests(
    columns: Mapping[str, Sequence[float | str | None]], start: int = 0, every: int = SECOND
) -> pa.Table:
    """Return a table of requests with some signals, ``every`` nanoseconds apart."""
    count = len(next(iter(columns.values())))
    times = [(start + n) * every for n in range(count)]
    table: dict[str, pa.Array] = {
        "trace_id": pa.array([f"{start + n:032x}" for n in range(count)], pa.string()),
        "start_ns": pa.array(times, pa.int64()),
        "end_ns": pa.array(times, pa.int64()),
        "session": pa.nulls(count, pa.string()),
        "user": pa.nulls(count, pa.string()),
    }
    for name, values in columns.items():
        label = KINDS.get(name, "label") == "label"
        table[name] = pa.array(values, pa.string() if label else pa.float64())
    return pa.table(table)


def scores(values: Sequence[float | None] | np.ndarray) -> pa.Table:
    return requests({"top_score": [None if each is None else float(each) for each in values]})
