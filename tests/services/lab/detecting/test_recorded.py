from dataclasses import replace
from pathlib import Path

import pytest

from observability.detectors.prometheus.engine import Programs
from observability.detectors.rule_set import RuleSet
from observability.signals.signal import load_signals
from services.lab.detecting.recorded import detect
from tests.observability.recording import run_sample as sample

_RULES = "groups: [{name: g, rules: [{alert: Always, expr: vector(1)}]}]"


@pytest.mark.parametrize("missing", ["prometheus", "promtool"])
def test_prometheus_rules_are_evaluated_by_the_programs_that_are_named(
    tmp_path: Path, missing: str
) -> None:
    (tmp_path / "rules.yml").write_text(_RULES, encoding="utf-8")
    rules = RuleSet({}, (), (tmp_path / "rules.yml",))
    there = Programs(promtool="true")  # takes any file for a good one
    programs = (
        replace(there, prometheus="no-such-program")
        if missing == "prometheus"
        else replace(there, promtool="no-such-program")
    )
    found = detect(sample.recorded(tmp_path / "run"), rules, load_signals(), programs)
    (problem,) = found.problems
    assert "no-such-program was not found" in problem.message
