from __future__ import annotations

import json
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from observability.bench.document import as_json
from observability.bench.junit import as_junit
from observability.bench.report import RULE_SET, BenchReport, Provenance, bench_report
from observability.bench.requirements import RequirementError, check, parse_requirement
from observability.bench.watching import Watched
from tests.observability.bench.episodes import episode, info, track, watched

INFOS = {
    "weak": info("weak", layer="retrieval"),
    "late": info("late", layer="model"),
    "cpu": info("cpu", layer="infrastructure", group="infrastructure"),
    "always": info("always", group="baseline"),
}


def _watched() -> list[Watched]:
    loud = episode(9, fault="down", kind="loud", layer="tools")
    return [
        watched(episode(1, fault="a", severity=1.0), weak=[60], late=[], cpu=[], always=[0]),
        watched(episode(2, fault="a", severity=0.5), weak=[], late=[], cpu=[], always=[0]),
        watched(episode(3, fault="b", layer="model"), weak=[], late=[55], cpu=[70], always=[0]),
        watched(loud, weak=[], late=[], cpu=[51], always=[0]),
        watched(episode(4, fault="shift", kind="control"), weak=[], late=[], cpu=[], always=[0]),
        watched(episode(5, fault="none", kind="healthy"), weak=[10], late=[], cpu=[], always=[0]),
    ]


def _report() -> BenchReport:
    return bench_report(_watched(), INFOS, {}, Provenance())


def test_the_rule_set_is_all_rules_but_the_baselines() -> None:
    assert _report().set_named(RULE_SET).rules == ("weak", "late", "cpu")


def test_the_report_counts_silent_and_loud_episodes_apart() -> None:
    score = _report().set_named(RULE_SET)
    assert (score.silent.episodes, score.silent.detected.value) == (3, pytest.approx(2 / 3))
    assert (score.loud.episodes, score.loud.detected.value) == (1, 1.0)
    assert score.highest.detected.value == 1.0


def test_the_document_is_strict_json_with_a_version_and_null_for_the_undefined() -> None:
    document = json.loads(as_json(_report()))
    assert document["version"] == 1
    assert document["held_out"]["held_out"]["value"] is None
    assert document["smallest_detectable"][RULE_SET] == {"a": 1.0, "b": 1.0, "down": 1.0}
    assert {"layer": "retrieval", "named": "retrieval", "episodes": 1} in document["confusion"]


def test_a_requirement_is_met_or_not_by_the_figures_of_the_report() -> None:
    wanted = [parse_requirement(text) for text in ("recall >= 60%", "false-alarms<1", "ac1<1")]
    assert [each.met for each in check(_report(), wanted)] == [True, False, False]


def test_a_requirement_of_an_undefined_figure_is_not_met_and_says_so() -> None:
    (checked,) = check(_report(), [parse_requirement("recall-held-out>=0")])
    assert not checked.met
    assert "undefined" in checked.told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("recal>=0.8", "false-alarms"),
        ("recall", "recall>=0.8"),
        ("recall>=much", "no number"),
        ("recall>=nan", "no number"),
    ],
)
def test_a_requirement_that_cannot_be_read_is_refused_with_what_can(text: str, told: str) -> None:
    with pytest.raises(RequirementError, match=told):
        parse_requirement(text)


def test_junit_has_a_case_for_each_requirement_and_for_each_rule_and_layer() -> None:
    report = _report()
    checked = check(report, [parse_requirement("recall>=0.9"), parse_requirement("ac3>0")])
    root = ET.fromstring(as_junit(report, checked))
    requirements, rules = root.findall("testsuite")
    assert (requirements.get("tests"), requirements.get("failures")) == ("2", "1")
    told = {(c.get("classname"), c.get("name")): c.findtext("system-out") for c in rules}
    assert told["weak", "retrieval"] == "1 of 2 episodes detected"
    assert ("always", "retrieval") not in told


def test_a_rule_that_failed_is_named_with_its_episode_and_the_rest_is_scored() -> None:
    broken = Watched(episode(7), {"late": track(alarms=[60])}, {"weak": "too slow"})
    report = bench_report([broken], INFOS, {}, Provenance())
    assert report.failures == {"weak": ("f-1-7: too slow",)}
    assert report.set_named(RULE_SET).silent.detected.value == 1.0


def test_a_judge_is_scored_for_each_question_and_a_detector_of_change_is_not() -> None:
    score = np.linspace(0, 1, 100)
    judged = Watched(episode(1), {"weak": track(score=score, flagged=score > 0.5)})
    infos = {"weak": info("weak", judges=True), "late": info("late")}
    weak, late = bench_report([judged], infos, {}, Provenance()).rules
    assert [each.question for each in weak.requests] == ["impacted", "applied", "answer wrong"]
    assert weak.requests[0].auroc.value == 1.0
    assert late.requests == ()
