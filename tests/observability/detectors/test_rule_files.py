from __future__ import annotations

from pathlib import Path

import pytest

from observability.detectors.errors import RuleError
from observability.detectors.loading import load_rules, read_rules
from observability.yaml_source import read_yaml
from tests.observability.detectors.making import SIGNALS, requests, whole, yaml_rule

CONDITION = "condition: top_score < 0.3\n"


def mistakes(body: str) -> str:
    with pytest.raises(RuleError) as caught:
        yaml_rule(body)
    return str(caught.value)


def test_all_mistakes_are_told_at_once_with_line_field_and_remedy() -> None:
    told = mistakes(
        """
        condition: top_scor < 0.3
        where: getenv('HOME') = 'x'
        window: {requests: 20}
        share: 2
        group_by: latency
        """
    ).splitlines()
    assert [line.split()[0] for line in told] == [
        "rule.yml:8:",
        "rule.yml:9:",
        "rule.yml:11:",
        "rule.yml:12:",
    ]
    assert "condition names 'top_scor'" in told[0]
    assert "did you mean top_score?" in told[0]
    assert "where uses getenv()" in told[1]
    assert "share is above 0 and at most 1" in told[2]
    assert "group_by can be user, session, route" in told[3]


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("share: 0.5", "watches nothing"),
        (CONDITION + "share: 0.5", "needs a `window:`"),
        (CONDITION + "window: {requests: 20}", "share is missing"),
        (CONDITION + "window: {requests: 20, time: 5m}\nshare: 0.5", "is either"),
        (CONDITION + "window: {time: soon}\nshare: 0.5", "is a time such as 90s"),
        (CONDITION + "threshold: 3", "is of no use beside a condition"),
        (CONDITION + "sever: 3", "is not a field here"),
        ("detector: {kind: cusums, signal: latency}\nthreshold: 5", "kind can be adwin"),
        ("detector: {kind: cusum, signal: latency}", "threshold is missing"),
        ("detector: {kind: cusum, signal: latncy}\nthreshold: 5", "did you mean latency"),
        ("detector: {kind: cusum, signal: route}\nthreshold: 5", "only psi can watch"),
        ("detector: {kind: cusum}\nthreshold: 5", "watches nothing"),
        ("detector: {kind: cusum, signal: latency, slak: 1}\nthreshold: 5", "mean slack?"),
        ("detector: {kind: cusum, signal: latency, slack: -1}\nthreshold: 5", "is between 0"),
        ("detector: {kind: mean, signal: latency}\nthreshold: 5", "window is missing"),
        ("detector: {kind: adwin, signal: latency}\nthreshold: 5", "decides by itself"),
        (CONDITION + "examples: {positive: [{row: {top_score: 1}}]}", "negative is missing"),
        (
            CONDITION + "examples: {positive: [{row: {top: a}}], negative: [{row: {}}]}",
            "examples.positive[0] names 'top'",
        ),
        (
            CONDITION + "examples: {positive: [{row: {latency: a}}], negative: [{row: {}}]}",
            "gives latency the text 'a'",
        ),
        (CONDITION + CONDITION, "stands here for the second time"),
        ("score: latency\nthreshold: .nan", "is a number, or `learned`"),
        ("score: latency\nthreshold: .inf", "is a number, or `learned`"),
        (CONDITION + "window: {requests: 50}\nminimum: 80\nshare: 0.5", "it would never speak"),
        (
            "detector: {kind: confidence_sequence, signal: latency, low: 1, high: 1}\nthreshold: 5",
            "detector has low 1, which is not below high 1",
        ),
        ("condition: [", "is no YAML"),
    ],
)
def test_a_mistake_is_told_in_words_that_help(body: str, said: str) -> None:
    try:
        told = mistakes(body)
    except ValueError as error:  # the syntax of the file itself
        told = str(error)
    assert said in told


def test_a_file_whose_aliases_make_billions_of_it_is_refused_at_once() -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    for n in range(1, 12):
        lines.append(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]")
    with pytest.raises(ValueError, match=r"many\.yml: holds more than 200,000 values"):
        read_yaml("\n".join(lines), "many.yml")


def test_a_rule_without_examples_is_refused(tmp_path: Path) -> None:
    body = whole(CONDITION).partition("examples:")[0]
    (tmp_path / "bare.yml").write_text(body)
    (problem,) = load_rules(tmp_path, None, signals=SIGNALS).problems
    assert problem.message.endswith("examples is missing; add it")


def test_a_wrong_rule_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    (tmp_path / "right.yml").write_text(whole(CONDITION))
    (tmp_path / "wrong.yml").write_text(whole("condition: nothing > 1"))
    (tmp_path / "binary.yml").write_bytes(b"\xff\xfe\x00")
    (tmp_path / "list.yml").write_text("- a\n")
    (tmp_path / "empty.yml").write_text("")
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert list(found.rules) == ["right"]
    assert [problem.file.name for problem in found.problems] == [
        "binary.yml",
        "empty.yml",
        "list.yml",
        "wrong.yml",
    ]
    assert all(problem.file.name in problem.message for problem in found.problems)
    fed = found.feed(requests({"top_score": [0.1]}))
    assert fed.tracks["right"].alarms == (0,)


def test_files_may_end_in_yaml_too(tmp_path: Path) -> None:
    (tmp_path / "right.yaml").write_text(whole(CONDITION))
    (tmp_path / "alerts.yaml").write_text("groups: []\n")
    (tmp_path / "prometheus").mkdir()
    (tmp_path / "prometheus" / "more.yaml").write_text("groups: []\n")
    (tmp_path / "right.yml").write_text(whole(CONDITION))
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert list(found.rules) == ["right"]
    assert {path.name for path in found.prometheus} == {"alerts.yaml", "more.yaml"}
    (problem,) = found.problems
    assert "there is another rule right; rename one" in problem.message


def test_prometheus_rules_are_set_aside(tmp_path: Path) -> None:
    (tmp_path / "alerts.yml").write_text("groups: []\n")
    (tmp_path / "prometheus").mkdir()
    (tmp_path / "prometheus" / "more.yml").write_text("groups: []\n")
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert {path.name for path in found.prometheus} == {"alerts.yml", "more.yml"}
    assert not found.problems


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(RuleError, match="is no folder of rules"):
        read_rules(tmp_path / "none", signals=SIGNALS)
