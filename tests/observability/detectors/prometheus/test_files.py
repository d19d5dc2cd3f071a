import sys
from pathlib import Path

import pytest

from observability.detectors.errors import EngineMissing
from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.files import read_rule_file
from tests.observability.detectors.prometheus.points import needs_prometheus

GOOD = """
groups:
  - name: shop
    interval: 30s
    rules:
      - record: job:a:rate5m
        expr: sum by (job) (rate(a_total[5m]))
      - alert: Down
        expr: up == 0
        for: 1h30m
        keep_firing_for: 5m
        labels: {severity: page, tier: 1, on_call: yes}
        annotations: {summary: It is down}
"""


@needs_prometheus
def test_groups_are_read_with_their_rules(tmp_path: Path) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(GOOD)
    (group,), problems = read_rule_file(file, Programs())
    assert problems == ()
    assert (group.name, group.interval_seconds) == ("shop", 30)
    recording, alert = group.rules
    assert (recording.record, recording.name) == (True, "job:a:rate5m")
    assert (alert.hold_seconds, alert.keep_firing_seconds) == (5400, 300)
    assert alert.labels == {"severity": "page", "tier": "1", "on_call": "yes"}
    assert alert.annotations["summary"] == "It is down"


@needs_prometheus
@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("groups:\n  - name: [\n", "yaml: line 2"),
        ("groups:\n  - name: x\n    rulez: 3\n", "line 3: field rulez not found"),
        (GOOD.replace("up == 0", "up >>= 0"), 'group "shop", rule 2, "Down"'),
        (GOOD.replace("5m\n", "5x\n"), "not a valid duration"),
    ],
)
def test_a_file_with_an_error_is_named_with_promtool_s_message_and_left_out(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "rules.yml"
    file.write_text(text)
    groups, (problem,) = read_rule_file(file, Programs())
    assert groups == ()
    assert problem.file == file
    assert message in problem.message
    assert "FAILED" not in problem.message


@needs_prometheus
def test_a_file_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    _, (problem,) = read_rule_file(tmp_path / "none.yml", Programs())
    assert "does not exist" in problem.message


def test_without_promtool_the_error_names_package_and_setting(tmp_path: Path) -> None:
    with pytest.raises(EngineMissing, match=r"apt install prometheus.*STILLGREEN_PROMTOOL"):
        read_rule_file(tmp_path / "rules.yml", Programs(promtool="no-such-promtool"))


def test_another_program_than_promtool_is_named_with_its_exit_code(tmp_path: Path) -> None:
    false = tmp_path / "false"
    false.write_text(f"#!{sys.executable}\nraise SystemExit(3)\n")
    false.chmod(0o755)
    _, (problem,) = read_rule_file(tmp_path / "rules.yml", Programs(promtool=str(false)))
    assert "ended with 3" in problem.message
