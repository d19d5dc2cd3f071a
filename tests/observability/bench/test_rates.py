from __future__ import annotations

import math

import pytest
from scipy import stats

from observability.bench.controls import controls
from observability.bench.rates import adjusted, alarm_rate, compare_rates, rate_of_alarms
from observability.bench.watching import healthy_stretches
from tests.observability.bench.episodes import episode, watched


def test_no_alarm_in_a_thousand_requests_leaves_up_to_three_point_seven_possible() -> None:
    found = rate_of_alarms(0, 1000).per_thousand
    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(3.689, abs=0.001)


def test_healthy_traffic_that_episodes_share_is_counted_once_and_at_its_longest() -> None:
    mine = [
        watched(episode(1, fault="a", seed=1), r=[10]),
        watched(episode(2, fault="b", seed=1), r=[10]),
        watched(episode(3, fault="none", seed=1, kind="healthy"), r=[10, 80]),
        watched(episode(4, fault="a", seed=2), r=[]),
    ]
    found = alarm_rate(healthy_stretches(mine), ["r"])
    assert (found.alarms, found.requests) == (2, 150)


def test_two_rates_are_compared_exactly() -> None:
    found = compare_rates(rate_of_alarms(9, 1000), rate_of_alarms(3, 3000))
    assert found.ratio.value == pytest.approx(9.0)
    assert found.ratio.low > 1
    assert found.p_more == pytest.approx(stats.binom.sf(8, 12, 0.25))


def test_nothing_tells_two_rates_without_any_alarm_apart() -> None:
    found = compare_rates(rate_of_alarms(0, 100), rate_of_alarms(0, 100))
    assert math.isnan(found.ratio.value)
    assert found.p_more == 1.0


def test_alarms_against_none_are_infinitely_many_times_as_often() -> None:
    found = compare_rates(rate_of_alarms(6, 100), rate_of_alarms(0, 100))
    assert math.isinf(found.ratio.value)
    assert found.ratio.low > 1


def test_looking_at_many_rules_makes_each_finding_weaker() -> None:
    assert adjusted({"a": 0.01, "b": 0.04, "c": math.nan, "d": 0.03}) == pytest.approx(
        {"a": 0.03, "b": 0.06, "c": math.nan, "d": 0.06}, nan_ok=True
    )


def test_a_rule_that_alarms_at_a_harmless_change_is_listed_and_a_quiet_one_is_not() -> None:
    mine = [
        watched(episode(number, fault="traffic_shift", kind="control"), loud=[50, 60, 70], quiet=[])
        for number in range(4)
    ]
    found = {each.rules: each for each in controls(mine, {"loud": ["loud"], "quiet": ["quiet"]})}
    assert found["loud"].raises_more
    assert not found["quiet"].raises_more
    assert found["loud"].compared.ours.per_thousand.value == 60.0
