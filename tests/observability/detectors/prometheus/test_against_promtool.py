"""What is found here, held against Prometheus' own evaluation of rules in its unit tests."""

import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import yaml

from observability.detectors.prometheus.rules import PrometheusRules
from observability.detectors.prometheus.series import MINUTE_NS, Piece, Timeline, timeline_of
from tests.observability.detectors.prometheus.points import BEGIN, needs_prometheus, piece, point

pytestmark = needs_prometheus

MINUTES = 90
RULES = """
groups:
  - name: g
    rules:
      - record: host:load:max5m
        expr: max by (host) (max_over_time(load[5m]))
      - record: host:high
        expr: load > 7
      - {alert: AtOnce, expr: load > 7}
      - {alert: Held, expr: load > 5, for: 3m}
      - {alert: Kept, expr: load > 7, keep_firing_for: 4m}
      - {alert: HeldAndKept, expr: load > 6, for: 2m, keep_firing_for: 5m}
      - {alert: OfAll, expr: sum without (host) (load) > 15, for: 1m, labels: {severity: page}}
      - {alert: Recorded, expr: 'host:load:max5m < 8', for: 2m}
      - {alert: Ended, expr: 'absent(host:high)', for: 1m}
      - alert: ManyErrors
        expr: sum(rate(bad_total[5m])) / sum(rate(all_total[5m])) > 0.3
        for: 2m
      - alert: Slow
        expr: histogram_quantile(0.9, sum by (le) (rate(wait_seconds_bucket[5m]))) > 2
      - {alert: ByValue, expr: load > 5, for: 1m, labels: {v: '{{ $value }}'}}
"""


def by_chance(seed: int) -> Piece:
    """Return some time of gauges with gaps, counters and a histogram, by chance."""
    chance = np.random.default_rng(seed)
    points = []
    for minute in range(MINUTES):
        for host in ("a", "b", "c"):
            if chance.random() > 0.1:
                value = float(chance.integers(0, 10))
                points.append(point("load", minute, value, {"host": host}, kind="gauge"))
        count = int(chance.integers(1, 9))
        points.append(point("all", minute, count))
        points.append(point("bad", minute, int(chance.integers(0, count // 2 + 1))))
        slow = int(chance.integers(0, 2))
        held = {"kind": "histogram", "unit": "s", "bounds": (1.0, 5.0)}
        points.append(point("wait", minute, 1.0, buckets=(count, slow, 0), **held))
    return piece(points)


def as_input(timeline: Timeline) -> Sequence[Mapping[str, str]]:
    """Return series as promtool's unit tests take them."""
    return [
        {
            "series": "{" + ",".join(f'{name}="{text}"' for name, text in each.labels) + "}",
            "values": " ".join("_" if np.isnan(v) else f"{v:g}" for v in each.values),
        }
        for each in timeline.series
    ]


def began_at(alert: str, minute: int, began: bool) -> Mapping[str, object]:
    """Return a test of promtool's: whether an alert begins to fire at this minute."""
    firing = f'ALERTS{{alertname="{alert}",alertstate="firing"}}'
    return {
        "expr": f"(count({firing}) > bool 0) unless count({firing} offset 1m)",
        "eval_time": f"{minute}m",
        "exp_samples": [{"labels": "{}", "value": 1}] if began else [],
    }


def test_alerts_begin_when_promtool_s_unit_tests_say_so(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(RULES)
    episode = [by_chance(seed=1)]
    loaded = PrometheusRules()
    _, problems = loaded.load(file)
    assert problems == ()
    evaluation = loaded.evaluate([episode])
    begins = {
        alert: {each.time_ns // MINUTE_NS - BEGIN for each in found}
        for alert, (found,) in evaluation.alarms.items()
    }
    assert sum(map(len, begins.values())) > 20
    unit = {
        "rule_files": [str(file)],
        "evaluation_interval": "1m",
        "tests": [
            {
                "interval": "1m",
                "input_series": as_input(timeline_of(episode)),
                "promql_expr_test": [
                    began_at(alert, minute, minute in found)
                    for alert, found in begins.items()
                    for minute in range(MINUTES)
                ],
            }
        ],
    }
    test = tmp_path / "test.yml"
    test.write_text(yaml.safe_dump(unit))
    done = subprocess.run(
        ["promtool", "test", "rules", str(test)], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
