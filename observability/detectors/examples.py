"""Tries a rule's own examples: what it must raise an alarm for, and what it must not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import cycle, islice

import numpy as np
import pyarrow as pa

from observability.detectors.errors import RuleFailed
from observability.detectors.rule import Numbers
from observability.detectors.rule_file import Cell, Example
from observability.detectors.yaml_rule import YamlRule
from observability.yaml_source import Place

_APART_NS = 1_000_000_000
Rows = Sequence[Mapping[str, Cell]]


def wrong_examples(rule: YamlRule) -> list[tuple[Place, str]]:
    """Return the examples that a rule does not answer as they say, and what it did instead.

    A rule that learns does so from the example's own ``before`` stretch, so
    that examples hold whatever thresholds there are.
    """
    examples = rule.plan.examples
    if examples is None:
        return [(("examples",), "are missing; add positive and negative ones")]
    wrong: list[tuple[Place, str]] = []
    for kind, each in (("positive", examples.positive), ("negative", examples.negative)):
        for number, example in enumerate(each):
            try:
                said = _tried(rule, example, kind == "positive")
            except RuleFailed as error:
                said = f"made the rule fail: {error}"
            if said:
                wrong.append((("examples", kind, number), said))
    return wrong


def example_table(rows: Rows, signals: Mapping[str, str], start: int = 0) -> pa.Table:
    """Return rows of signals as a table of requests, one second apart."""
    times = [(start + n) * _APART_NS for n in range(len(rows))]
    columns = {
        "trace_id": pa.array([f"{start + n:032x}" for n in range(len(rows))], pa.string()),
        "start_ns": pa.array(times, pa.int64()),
        "end_ns": pa.array([time + _APART_NS // 2 for time in times], pa.int64()),
    }
    labels = {"user", "session"} | {name for name, kind in signals.items() if kind == "label"}
    for name in sorted({"user", "session", *signals}):
        kind = pa.string() if name in labels else pa.float64()
        columns[name] = pa.array([_cell(row.get(name), name in labels) for row in rows], kind)
    return pa.table(columns)


def _tried(rule: YamlRule, example: Example, positive: bool) -> str | None:
    """Return what is wrong with the rule's answer to one example."""
    signals = rule.plan.signals
    before = _repeated(example.before.rows, example.before.repeat) if example.before else []
    rows = _repeated(example.rows or [example.row or {}], example.repeat)
    if rule.need.anything:
        if not before:
            return "needs `before:` with healthy requests, since the rule learns"
        rule = _taught(rule, example_table(before, signals))
    rule.reset()
    if before:
        rule.feed(example_table(before, signals))
    track = rule.feed(example_table(rows, signals, len(before)))
    if positive == bool(track.alarms):
        return None
    did = f"an alarm at row {track.alarms[0]}" if track.alarms else "no alarm"
    return f"raised {did}; {_highest(track.statistic, track.threshold)}"


def _taught(rule: YamlRule, healthy: pa.Table) -> YamlRule:
    """Return the rule with what it learns from a few healthy rows: none of them is an alarm."""
    learned = rule.study([healthy])
    if not rule.need.threshold:
        return rule.with_learned(learned)
    taught = rule.with_learned(learned)
    seen = taught.feed(healthy).statistic
    known = seen[np.isfinite(seen)]
    above = float(np.nextafter(known.max(), np.inf)) if known.size else -np.inf
    return rule.with_learned(replace(learned, threshold=max(above, taught.floor())))


def _repeated(rows: Rows, repeat: int) -> list[Mapping[str, Cell]]:
    return list(islice(cycle(rows), max(repeat, len(rows))))


def _cell(value: Cell, label: bool) -> Cell:
    if value is None:
        return None
    return str(value) if label else float(value)


def _highest(statistic: Numbers, threshold: float) -> str:
    known = statistic[np.isfinite(statistic)]
    if not known.size:
        return "it looked at too few requests to say anything"
    return f"its statistic was {known.max():.4g} at most and its threshold is {threshold:.4g}"
