from __future__ import annotations

import numpy as np
import pytest

from tests.observability.detectors.making import requests, scores, yaml_rule

NAN = float("nan")


def test_a_condition_alone_alarms_where_it_begins_to_hold() -> None:
    track = yaml_rule("condition: top_score < 0.3").feed(scores([0.9, 0.1, 0.1, 0.9, 0.2, 0.1]))
    assert track.alarms == (1, 4)
    assert track.flagged.tolist() == [False, True, True, False, True, True]
    assert track.score.tolist() == [0, 1, 1, 0, 1, 1]


def test_an_undefined_condition_neither_flags_nor_ends_an_alarm() -> None:
    track = yaml_rule("condition: top_score < 0.3").feed(scores([0.1, None, 0.1, 0.9]))
    assert track.alarms == (0,)
    assert track.flagged.tolist() == [True, False, True, False]
    np.testing.assert_array_equal(track.score, [1, NAN, 1, 0])
    np.testing.assert_array_equal(track.statistic, [1, NAN, 1, 0])


def test_a_window_alarms_once_its_share_is_reached_and_again_after_it_was_not() -> None:
    rule = yaml_rule(
        """
        condition: top_score < 0.3
        window: {requests: 4}
        minimum: 2
        share: 0.5
        cooldown: 0
        """
    )
    track = rule.feed(scores([0.1, 0.9, 0.9, 0.9, 0.9, 0.1, 0.1, 0.9, 0.9]))
    np.testing.assert_allclose(
        track.statistic, [NAN, 1 / 2, 1 / 3, 1 / 4, 0, 1 / 4, 1 / 2, 1 / 2, 1 / 2]
    )
    assert track.alarms == (1, 6)


def test_a_window_stays_silent_before_its_minimum() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nwindow: {requests: 10}\nminimum: 5\nshare: 0.5")
    assert rule.feed(scores([0.1] * 4)).alarms == ()
    assert rule.feed(scores([0.1])).alarms == (0,)


def test_requests_without_the_signal_are_no_part_of_a_window() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nwindow: {requests: 4}\nminimum: 4\nshare: 0.5")
    track = rule.feed(scores([0.1, None, 0.1, None, 0.9, None, 0.9]))
    assert track.statistic[-1] == 0.5
    assert track.alarms == (6,)


def test_a_window_of_time_forgets_what_is_older() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nwindow: {time: 3s}\nminimum: 1\nshare: 1")
    track = rule.feed(scores([0.9, 0.1, 0.1, 0.1]))
    np.testing.assert_allclose(track.statistic, [0, 1 / 2, 2 / 3, 1])


def test_where_narrows_to_the_requests_that_a_rule_looks_at() -> None:
    rule = yaml_rule("where: route = 'ledger'\ncondition: top_score < 0.3\nscore: -top_score")
    table = requests({"top_score": [0.1, 0.1, 0.1], "route": ["ledger", "lookup", None]})
    track = rule.feed(table)
    assert track.flagged.tolist() == [True, False, False]
    np.testing.assert_array_equal(track.score, [-0.1, NAN, NAN])


def test_groups_are_watched_apart() -> None:
    rule = yaml_rule(
        "condition: top_score < 0.3\nwindow: {requests: 2}\nminimum: 2\nshare: 1\ngroup_by: route"
    )
    table = requests({"top_score": [0.1, 0.9, 0.1, 0.9, 0.1], "route": ["a", "b", "a", "b", None]})
    track = rule.feed(table)
    np.testing.assert_array_equal(track.statistic, [NAN, NAN, 1, 0, NAN])
    assert track.alarms == (2,)


def test_the_user_can_be_a_group() -> None:
    rule = yaml_rule("condition: latency > 3\ngroup_by: user")
    table = requests({"latency": [5, 5, 5]}).set_column(4, "user", [["ann", "bob", "ann"]])
    assert rule.feed(table).alarms == (0, 1)


def test_for_asks_that_it_lasts() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nfor: 3")
    assert rule.feed(scores([0.1, 0.1, 0.9, 0.1, 0.1, 0.1, 0.1])).alarms == (5,)


def test_a_cooldown_holds_the_next_alarm_back() -> None:
    rule = yaml_rule("condition: top_score < 0.3\ncooldown: 4")
    assert rule.feed(scores([0.1, 0.9, 0.1, 0.9, 0.1, 0.9])).alarms == (0, 4)


def test_a_score_with_a_threshold_flags_single_requests() -> None:
    track = yaml_rule("score: latency - 2\nthreshold: 1").feed(
        requests({"latency": [2, 3, 4, None]})
    )
    assert track.flagged.tolist() == [False, True, True, False]
    assert track.alarms == (1,)


def test_a_detector_watches_a_signal_an_expression_or_how_often_a_condition_holds() -> None:
    table = requests({"top_score": [0.1, 0.3, 0.5, 0.5], "latency": [2, 2, 2, 2]})
    window = "\nwindow: {requests: 4}\nminimum: 1\nthreshold: 100"
    for watched, last in (
        ("detector: {kind: mean, direction: up, signal: top_score}", 0.35),
        ("detector: {kind: mean, direction: up, expression: top_score * latency}", 0.7),
        ("condition: top_score < 0.2\ndetector: {kind: mean, direction: up}", 0.25),
    ):
        assert yaml_rule(watched + window).feed(table).statistic[-1] == pytest.approx(last)


def test_a_mean_that_falls_is_told_with_its_sign_turned() -> None:
    rule = yaml_rule(
        "detector: {kind: mean, direction: down, signal: top_score}\n"
        "window: {requests: 2}\nminimum: 2\nthreshold: 0.5"
    )
    track = rule.feed(scores([0.9, 0.9, 0.3, 0.3]))
    assert track.threshold == -0.5
    assert track.alarms == (3,)


def test_a_rule_says_whether_it_is_about_single_requests() -> None:
    watching = "detector: {kind: ewma, signal: top_score}\nthreshold: 3"
    assert not yaml_rule(watching).info.judges
    assert yaml_rule(watching + "\nscore: -top_score").info.judges
    assert yaml_rule("condition: top_score < 0.3").info.judges


def test_a_table_without_rows_says_nothing() -> None:
    track = yaml_rule("condition: top_score < 0.3").feed(scores([]))
    assert track.alarms == ()
    assert track.statistic.size == 0


def test_reset_forgets_everything() -> None:
    rule = yaml_rule("condition: top_score < 0.3\nwindow: {requests: 3}\nminimum: 3\nshare: 1")
    assert rule.feed(scores([0.1, 0.1])).alarms == ()
    rule.reset()
    assert rule.feed(scores([0.1])).alarms == ()
