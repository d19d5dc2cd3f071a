from collections.abc import Iterable, Mapping

import pytest

from observability.detectors.prometheus.alerting import Firing, firings
from observability.detectors.prometheus.engine import Found
from observability.detectors.prometheus.expressions import reads_of
from observability.detectors.prometheus.files import PromRule

MINUTE_MS = 60_000


def rule(hold: int = 0, keep: int = 0, labels: Mapping[str, str] | None = None) -> PromRule:
    return PromRule("key", "A", False, "x > 0", reads_of("x > 0"), labels or {}, {}, hold, keep)


def found(minutes: Iterable[int], **labels: str) -> Found:
    return Found(labels, {minute * MINUTE_MS: float(minute) for minute in minutes})


def begins(
    rule: PromRule, *series: Found, last: int = 20, failed: Iterable[int] = ()
) -> list[float]:
    steps = range(0, (last + 1) * MINUTE_MS, MINUTE_MS)
    missed = frozenset(minute * MINUTE_MS for minute in failed)
    return [each.time_ns / 60e9 for each in firings(rule, series, steps, missed)]


def test_without_for_an_alert_fires_at_the_first_evaluation_that_returns_it() -> None:
    assert begins(rule(), found([3, 4, 5, 9])) == [3, 9]


def test_with_for_it_fires_when_it_has_been_returned_for_that_long() -> None:
    assert begins(rule(hold=180), found([3, 4, 5, 6, 7])) == [6]
    assert begins(rule(hold=180), found([3, 4, 5])) == []


def test_one_evaluation_without_it_begins_the_wait_anew() -> None:
    assert begins(rule(hold=120), found([1, 2, 4, 5, 6])) == [6]


def test_keep_firing_for_bridges_a_gap() -> None:
    assert begins(rule(keep=180), found([1, 2, 4, 9])) == [1, 9]
    assert begins(rule(keep=180), found([1, 2, 5])) == [1]
    assert begins(rule(keep=60), found([1, 2, 5])) == [1, 5]


def test_an_alert_that_goes_on_with_other_labels_is_not_raised_again() -> None:
    series = (found([1, 2, 3], job="a"), found([3, 4], job="b"), found([6], job="b"))
    assert begins(rule(), *series) == [1, 6]


def test_each_set_of_labels_waits_for_itself() -> None:
    assert begins(rule(hold=120), found([1, 2], job="a"), found([3, 4], job="b")) == []


def test_an_evaluation_that_failed_changes_nothing() -> None:
    assert begins(rule(hold=120), found([1, 2, 4]), failed=[3]) == [4]


def test_two_series_that_the_rule_s_labels_make_one_fail_the_evaluation() -> None:
    series = (found([1, 2], job="a"), found([2, 3], job="b"))
    assert begins(rule(labels={"job": "all"}), *series) == [1]


def test_a_label_with_the_value_in_it_makes_another_alert_each_time() -> None:
    assert begins(rule(hold=60, labels={"v": "{{ $value }}"}), found([1, 2, 3])) == []
    assert begins(rule(hold=60, labels={"v": "{{ $labels.job }}"}), found([1, 2], job="a")) == [2]


def test_a_value_that_decides_between_texts_is_taken_to_decide_alike() -> None:
    text = "{{ if gt $value 9.0 }}critical{{ else }}warning{{ end }}"
    assert begins(rule(hold=60, labels={"severity": text}), found([1, 2, 3])) == [2]


def test_a_firing_says_with_which_labels() -> None:
    fired = firings(rule(labels={"severity": "info", "x": ""}), [found([0], job="a", x="1")], [0])
    assert fired == (Firing(0, ((("alertname", "A"), ("job", "a"), ("severity", "info")),)),)


@pytest.mark.parametrize("steps", [[], [0, 60_000]])
def test_nothing_found_never_fires(steps: list[int]) -> None:
    assert firings(rule(), [], steps) == ()
