from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from observability.detectors.errors import EngineMissing
from observability.detectors.prometheus import evaluating
from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.rules import Evaluation, PrometheusRules, place_of
from observability.detectors.prometheus.series import MINUTE_NS, Piece
from tests.observability.detectors.prometheus.points import (
    BEGIN,
    counted,
    needs_prometheus,
    piece,
    point,
)

pytestmark = needs_prometheus

STEADY = dict.fromkeys(range(60), 6.0)
"""Six each minute, for an hour."""


def rules(folder: Path, *each: str, interval: str = "1m") -> PrometheusRules:
    """Return rules of one group, each given in YAML's short form without its braces."""
    file = folder / "rules.yml"
    lines = "\n".join(f"      - {{{one}}}" for one in each)
    file.write_text(f"groups:\n  - name: g\n    interval: {interval}\n    rules:\n{lines}\n")
    loaded = PrometheusRules()
    _, problems = loaded.load(file)
    assert problems == ()
    return loaded


def minutes(evaluation: Evaluation, alert: str, episode: int = 0) -> list[float]:
    return [each.time_ns / MINUTE_NS - BEGIN for each in evaluation.alarms[alert][episode]]


def errors(since: int) -> Piece:
    """Return an hour of requests, half of which fail from a minute on."""
    good = {minute: 6.0 if minute < since else 3.0 for minute in range(60)}
    bad = dict.fromkeys(range(since, 60), 3.0)
    return piece(counted("req", good, code="200") + counted("req", bad, code="500"))


RATIO = 'sum(rate(req_total{code=~"5.."}[5m])) / sum(rate(req_total[5m]))'


def test_an_alert_fires_in_the_episode_whose_metrics_it_is_about(tmp_path: Path) -> None:
    loaded = rules(tmp_path, f"alert: Errors, expr: '{RATIO} > 0.2', for: 2m")
    shifted = replace(errors(30), shift_ns=7 * MINUTE_NS)
    evaluation = loaded.evaluate([[piece(counted("req", STEADY))], [errors(30)], [shifted]])
    assert minutes(evaluation, "Errors", 0) == []
    (began,) = minutes(evaluation, "Errors", 1)
    assert 32 < began < 40
    assert minutes(evaluation, "Errors", 2) == [began + 7]


def test_recorded_series_can_be_read_and_end_where_their_expression_has_nothing(
    tmp_path: Path,
) -> None:
    loaded = rules(
        tmp_path,
        "alert: Low, expr: 'twice < 14'",
        "alert: Gone, expr: 'absent(twice)'",
        "record: twice, expr: '2 * once'",
        "record: once, expr: 'load > 5'",
    )
    load = {minute: 6.0 if minute < 10 or minute > 20 else 5.0 for minute in range(30)}
    points = [point("load", minute, value, kind="gauge") for minute, value in load.items()]
    evaluation = loaded.evaluate([[piece(points)]])
    assert minutes(evaluation, "Low") == [0, 21]
    assert minutes(evaluation, "Gone") == [10]


def test_each_group_is_evaluated_at_its_own_interval(tmp_path: Path) -> None:
    points = [point("load", minute, float(minute), kind="gauge") for minute in range(30)]
    often = rules(tmp_path, "alert: High, expr: load > 10", interval="15s")
    assert minutes(often.evaluate([[piece(points)]]), "High") == [11]
    seldom = rules(tmp_path, "alert: High, expr: load > 10", interval="4m")
    assert minutes(seldom.evaluate([[piece(points)]]), "High") == [12]


@pytest.mark.parametrize("window", ["13d", "9y", "40y"])
def test_episodes_do_not_see_each_other(tmp_path: Path, window: str) -> None:
    before = f"count_over_time(req_total[{window}])"
    loaded = rules(tmp_path, f"alert: Before, expr: '{before} > 100'")
    steady = [piece(counted("req", STEADY))]
    evaluation = loaded.evaluate([steady, steady, steady])
    assert [minutes(evaluation, "Before", number) for number in range(3)] == [[], [], []]


def test_the_hour_and_the_day_of_the_week_are_those_of_the_episode(tmp_path: Path) -> None:
    at = BEGIN * 60
    hour, day = at // 3600 % 24, (at // 86400 + 4) % 7
    loaded = rules(
        tmp_path,
        f"alert: Now, expr: 'vector(1) and on() hour() == {hour} == bool {hour}'",
        f"alert: Today, expr: 'day_of_week() == {day}'",
        f"alert: Tomorrow, expr: 'day_of_week() == {(day + 1) % 7}'",
    )
    evaluation = loaded.evaluate([[piece(counted("req", {0: 1, 1: 1}))]] * 2)
    assert [minutes(evaluation, name, 1) for name in ("Now", "Today", "Tomorrow")] == [[0], [0], []]


def test_an_engine_is_started_anew_after_some_episodes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(evaluating, "EPISODES_OF_AN_ENGINE", 2)
    loaded = rules(tmp_path, "alert: Any, expr: req_total > 0")
    evaluation = loaded.evaluate([[piece(counted("req", {n: 1}))] for n in range(3)])
    assert [minutes(evaluation, "Any", n) for n in range(3)] == [[0], [1], [2]]


def test_an_evaluation_that_fails_at_some_moments_counts_at_the_others(tmp_path: Path) -> None:
    loaded = rules(tmp_path, "alert: Both, expr: 'a_total * on() b_total > 0'")
    points = counted("a", {0: 1}, x="1") + counted("a", {5: 1}, x="2") + counted("b", {1: 1})
    evaluation = loaded.evaluate([[piece(points)]])
    assert minutes(evaluation, "Both") == [1]
    assert "many-to-one matching must be explicit" in evaluation.failures["Both"]


def test_a_query_that_takes_too_long_is_given_up_and_the_others_go_on(tmp_path: Path) -> None:
    # Some seconds of sorting on any machine; the quick one takes milliseconds.
    slow = "quantile_over_time(0.5, quantile_over_time(0.5, req_total[1h:200ms])[1h:200ms])"
    file = tmp_path / "rules.yml"
    file.write_text(
        "groups:\n  - name: g\n    rules:\n"
        f"      - {{alert: Slow, expr: '{slow} > 0'}}\n"
        "      - {alert: Quick, expr: req_total > 0}\n"
    )
    loaded = PrometheusRules(Programs(query_seconds=0.5))
    loaded.load(file)
    evaluation = loaded.evaluate([[piece(counted("req", STEADY))]] * 2)
    assert "too long" in evaluation.failures["Slow"]
    assert minutes(evaluation, "Slow", 1) == []
    assert minutes(evaluation, "Quick", 1) == [0]


def test_rules_that_need_what_is_not_there_are_named(tmp_path: Path) -> None:
    loaded = rules(
        tmp_path,
        "alert: Disk, expr: 'load:half > 1'",
        "record: 'load:half', expr: node_load1 / 2",
        "alert: Meta, expr: 'ALERTS == 1'",
        "record: 'all:sum', expr: 'all:sum offset 1m + 1'",
        "alert: Sum, expr: 'all:sum > 5'",
    )
    evaluation = loaded.evaluate([[piece(counted("req", STEADY))]])
    assert evaluation.absent == {"Disk": ("node_load1",)}
    assert set(evaluation.failures) == {"Meta", "Sum", "g/all:sum"}
    assert "reads itself" in evaluation.failures["Sum"]
    assert minutes(evaluation, "Meta") == []


def test_an_alert_is_known_by_its_name_severity_and_layer(tmp_path: Path) -> None:
    loaded = rules(
        tmp_path,
        "alert: Twice, expr: a > 1, labels: {severity: warning}",
        "alert: Twice, expr: a > 2, labels: {severity: page}",
        "alert: Twice, expr: a > 3, labels: {severity: page}",
        "record: 'sim:mean', expr: stillgreen_top1_similarity_sum / 2",
        "alert: Sim, expr: 'sim:mean < 1', annotations: {runbook_url: r, summary: s}",
        "alert: Said, expr: a > 1, labels: {layer: context}",
    )
    infos = loaded.infos
    assert list(infos) == ["Twice (warning)", "Twice (page)", "Twice (page) 2", "Sim", "Said"]
    assert [info.severity for info in infos.values()][:2] == ["warning", "critical"]
    assert (infos["Sim"].layer, infos["Sim"].group) == ("retrieval", "quality")
    assert (infos["Sim"].runbook, infos["Sim"].title) == ("r", "s")
    assert infos["Said"].layer == "context and prompt"
    assert (infos["Twice (page)"].layer, infos["Twice (page)"].group) == (
        "infrastructure",
        "infrastructure",
    )


def test_nothing_to_evaluate_says_nothing(tmp_path: Path) -> None:
    loaded = rules(tmp_path, "alert: A, expr: vector(1)")
    assert loaded.evaluate([]).alarms == {"A": ()}
    assert loaded.evaluate([[]]).alarms == {"A": ((),)}


def test_without_prometheus_the_error_names_package_and_setting(tmp_path: Path) -> None:
    loaded = PrometheusRules(Programs(prometheus="no-such-prometheus"))
    with pytest.raises(EngineMissing, match=r"apt install prometheus.*STILLGREEN_PROMETHEUS"):
        loaded.evaluate([[piece(counted("req", STEADY))]])


def test_an_alarm_belongs_to_the_last_request_that_had_begun() -> None:
    starts = np.array([10, 20, 30], np.int64)
    assert [place_of(at, starts) for at in (5, 10, 29, 30, 99)] == [0, 0, 1, 2, 2]
