from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner

from services.cli.main import build_app
from tests.observability.detectors.prometheus.points import needs_prometheus

RULE = """
title: Weak
severity: warning
description: d
runbook: r
layer: retrieval
condition: top1_similarity < 0.3
examples:
  positive: [{row: {top1_similarity: 0.1}}]
  negative: [{row: {top1_similarity: 0.9}}]
"""


def test_a_folder_of_right_rules_passes(tmp_path: Path) -> None:
    (tmp_path / "weak.yml").write_text(RULE)
    result = CliRunner().invoke(build_app(), ["rules", "check", str(tmp_path)])
    assert result.exit_code == 0
    assert "1 rules are right, 0 are not" in result.output


def test_a_mistake_and_a_wrong_example_fail_the_check_and_are_told_apart(tmp_path: Path) -> None:
    (tmp_path / "weak.yml").write_text(RULE.replace("similarity: 0.1", "similarity: 0.5"))
    (tmp_path / "wrong.yml").write_text(RULE.replace("condition: top1", "condition: topp1"))
    (tmp_path / "right.yml").write_text(RULE)
    result = CliRunner().invoke(build_app(), ["rules", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "1 rules are right, 2 are not" in result.output
    assert "weak.yml:9: examples.positive[0] raised no alarm" in result.output
    assert "wrong.yml:7: condition names 'topp1_similarity'" in result.output


@needs_prometheus
def test_what_promtool_refuses_fails_the_check(tmp_path: Path) -> None:
    alert = "groups: [{name: g, rules: [{alert: A, expr: 'up > 0'}]}]"
    (tmp_path / "right.yml").write_text(alert)
    result = CliRunner().invoke(build_app(), ["rules", "check", str(tmp_path)])
    assert result.exit_code == 0
    (tmp_path / "wrong.yml").write_text(alert.replace("up > 0", "rate(up[5m) > 0"))
    result = CliRunner().invoke(build_app(), ["rules", "check", str(tmp_path)])
    assert result.exit_code == 1
    assert "1 files of Prometheus rules are right, 1 are not" in result.output
    assert "could not parse expression" in result.output


def test_the_list_says_what_each_rule_blames_and_reads(tmp_path: Path) -> None:
    (tmp_path / "weak.yml").write_text(RULE)
    result = CliRunner().invoke(build_app(), ["rules", "--rules", str(tmp_path), "--json"])
    listed = {each["id"]: each for each in json.loads(result.output)}
    assert listed["weak"]["layer"] == "retrieval"
    assert listed["weak"]["severity"] == "warning"
    assert listed["weak"]["signals"] == ["top1_similarity"]
    assert listed["never"]["group"] == "baseline"
