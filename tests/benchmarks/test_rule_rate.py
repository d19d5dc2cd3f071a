"""How long 50 rules take over the signals of 100,000 requests, and how much memory.

Run with ``pytest tests/benchmarks/test_rule_rate.py -s``. The table is made up,
120 signals wide; rules of every kind of detector, with windows, groups and
conditions, and the baselines, are fed it in batches of 10,000.
"""

from __future__ import annotations

import resource
import time

import numpy as np
import pyarrow as pa
import pytest

from observability.detectors.code import baseline_files, read_code
from observability.detectors.detector import detector_kinds
from observability.detectors.expressions import Checker
from observability.detectors.learning import learn
from observability.detectors.loading import parse_rule
from observability.detectors.rule import Rule
from observability.detectors.rule_set import RuleSet
from observability.detectors.yaml_rule import YamlRule
from observability.yaml_source import read_yaml
from tests.observability.detectors.making import whole

REQUESTS = 100_000
BATCH = 10_000
RULES = 50
SIGNALS = 120
NAMED = ("latency", "answer_length", "error_spans", "status_code")
SECONDS = 60
MEMORY_MB = 2048

KINDS = {f"s{n}": "number" for n in range(SIGNALS)} | dict.fromkeys(NAMED, "number")
KINDS |= {"route": "label"}


def test_fifty_rules_over_a_hundred_thousand_requests(capsys: pytest.CaptureFixture[str]) -> None:
    rules = RuleSet(_learned(_rules()))
    table = _table(1, REQUESTS)
    started, cpu = time.perf_counter(), time.process_time()
    alarms = 0
    for start in range(0, REQUESTS, BATCH):
        fed = rules.feed(table.slice(start, BATCH))
        assert not fed.failures
        alarms += sum(len(track.alarms) for track in fed.tracks.values())
    took, cpu = time.perf_counter() - started, time.process_time() - cpu
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(  # noqa: T201
            f"\n{len(rules.rules)} rules, {REQUESTS:,} requests: {took:.1f} s ({cpu:.1f} s of CPU),"
            f" {memory:.0f} MB at most, {alarms} alarms"
        )
    assert len(rules.rules) == RULES
    assert cpu < SECONDS
    assert memory < MEMORY_MB


def _rules() -> dict[str, YamlRule]:
    checker = Checker(KINDS)
    kinds = list(detector_kinds().values())
    found = {}
    for n in range(RULES - len(baseline_files())):
        kind = kinds[n % len(kinds)]
        body = f"condition: s{n} > 1.5 AND route <> 'lookup'\nscore: s{n}\n"
        if n % 4 == 0:
            body += "window: {requests: 100}\nshare: learned\n"
        else:
            body += f"detector: {{kind: {kind.name}, signal: s{n + 1}}}\n"
            body += "window: {requests: 100}\n" if kind.windowed else ""
            body += "" if kind.decides else "threshold: learned\n"
        body += "group_by: route\n" if n % 10 == 9 else ""
        body += "examples: {positive: [{row: {s1: 1}}], negative: [{row: {s1: 1}}]}"
        source = read_yaml(whole(body), f"rule{n}.yml")
        found[f"rule{n}"] = YamlRule(parse_rule(source, f"rule{n}", KINDS, checker))
    return found


def _learned(made: dict[str, YamlRule]) -> dict[str, Rule]:
    healthy = [_table(0, 2000)]
    rules = {**made, **{path.stem: read_code(path, KINDS) for path in baseline_files()}}
    learned = learn({n: rule for n, rule in rules.items() if rule.need.anything}, healthy, 1.0)
    assert not learned.failures
    return {
        name: rule.with_learned(learned.rules[name]) if name in learned.rules else rule
        for name, rule in rules.items()
    }


def _table(seed: int, count: int) -> pa.Table:
    random = np.random.default_rng(seed)
    times = np.arange(count, dtype=np.int64) * 1_000_000_000
    columns = {
        "trace_id": pa.array([f"{seed:016x}{n:016x}" for n in range(count)]),
        "start_ns": pa.array(times),
        "end_ns": pa.array(times),
        "session": pa.array([f"s{n % 500}" for n in range(count)]),
        "user": pa.array([f"u{n % 40}" for n in range(count)]),
    }
    for name, kind in KINDS.items():
        if kind == "label":
            columns[name] = pa.array(random.choice(["ledger", "documents", "lookup"], count))
        else:
            missing = random.random(count) < 0.2
            columns[name] = pa.array(random.normal(size=count), mask=missing)
    return pa.table(columns)
