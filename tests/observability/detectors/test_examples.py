from __future__ import annotations

from pathlib import Path

import pytest

from observability.detectors.examples import wrong_examples
from observability.detectors.loading import SHIPPED, read_rules
from observability.detectors.yaml_rule import YamlRule
from observability.signals.signal import load_signals
from tests.observability.detectors.making import yaml_rule

SHIPPED_RULES = read_rules(None, signals=load_signals())


def test_no_shipped_rule_has_a_mistake() -> None:
    assert [problem.message for problem in SHIPPED_RULES.problems] == []


@pytest.mark.parametrize("name", sorted(path.stem for path in Path(SHIPPED).glob("*.yml")))
def test_a_shipped_rule_answers_its_examples_as_they_say(name: str) -> None:
    rule = SHIPPED_RULES.rules[name]
    assert isinstance(rule, YamlRule)
    assert wrong_examples(rule) == []


def test_an_example_that_does_not_hold_is_told_with_what_happened() -> None:
    rule = yaml_rule(
        """
        condition: top_score < 0.3
        examples:
          positive: [{row: {top_score: 0.5}}, {row: {top_score: 0.1}}]
          negative: [{rows: [{top_score: 0.5}, {top_score: 0.2}]}]
        """
    )
    told = dict(wrong_examples(rule))
    assert list(told) == [("examples", "positive", 0), ("examples", "negative", 0)]
    assert "raised no alarm; its statistic was 0 at most" in told["examples", "positive", 0]
    assert "raised an alarm at row 1" in told["examples", "negative", 0]


def test_an_example_that_is_too_short_for_the_window_is_told() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nwindow: {requests: 20}\nshare: 0.5")
    told = dict(wrong_examples(rule))
    assert "looked at too few requests" in told["examples", "positive", 0]


def test_a_rule_that_learns_does_so_from_the_stretch_before() -> None:
    body = """
        detector: {kind: cusum, signal: latency, direction: up}
        threshold: learned
        examples:
          positive:
            - before: {rows: [{latency: 1}, {latency: 2}], repeat: 200}
              row: {latency: 4}
              repeat: 50
          negative:
            - before: {rows: [{latency: 1}, {latency: 2}], repeat: 200}
              rows: [{latency: 1}, {latency: 2}]
              repeat: 100
        """
    assert wrong_examples(yaml_rule(body)) == []
    without = "\n".join(line for line in body.splitlines() if "before" not in line)
    told = wrong_examples(
        yaml_rule(
            without.replace("  row: {latency: 4}", "- row: {latency: 4}").replace(
                "  rows: [", "- rows: ["
            )
        )
    )
    assert all("needs `before:`" in said for _, said in told)
    assert len(told) == 2
