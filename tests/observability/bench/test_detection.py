from __future__ import annotations

import math

import numpy as np
import pytest

from observability.bench.detection import detection, outcome
from observability.bench.twins import against_twins
from observability.bench.watching import Watched
from tests.observability.bench.episodes import episode, track, watched


def test_the_delay_is_the_requests_and_minutes_from_the_onset_to_the_alarm() -> None:
    found = outcome(watched(episode(), r=[65]), ["r"])
    assert (found.place, found.delay_requests, found.delay_minutes) == (65, 15.0, 0.25)


def test_an_alarm_at_the_onset_is_a_detection_without_delay() -> None:
    assert outcome(watched(episode(), r=[50]), ["r"]).delay_requests == 0.0


def test_an_alarm_that_began_before_the_onset_is_a_false_alarm_and_no_detection() -> None:
    on = np.full(100, 2.0)
    mine = [Watched(episode(), {"r": track(alarms=[49], statistic=on)})]
    found = detection(mine, ["r"])
    assert found.detected.value == 0.0
    assert found.false_alarms.per_thousand.value == 1000 / 50


def test_a_set_alarms_when_any_of_its_rules_does_and_pays_for_all() -> None:
    mine = [watched(episode(), a=[10, 90], b=[20, 60])]
    found = outcome(mine[0], ["a", "b"])
    assert (found.place, found.by) == (60, ("b",))
    assert detection(mine, ["a", "b"]).false_alarms.alarms == 2


def test_the_delay_is_a_median_of_the_detected_beside_the_share_missed() -> None:
    mine = [watched(episode(n), r=places) for n, places in enumerate(([50], [60], [70], []))]
    found = detection(mine, ["r"])
    assert (found.delay_requests.value, found.missed) == (10.0, 0.25)


def test_nothing_is_defined_without_episodes() -> None:
    found = detection([], ["r"])
    assert all(math.isnan(v) for v in (found.detected.value, found.missed, found.by_chance.value))
    assert math.isnan(found.p_chance)


def _random_alarms(per_request: float, episodes: int, seed: int = 6) -> list[Watched]:
    rng = np.random.default_rng(seed)
    return [
        watched(
            episode(number, requests=400, onset=200),
            r=np.flatnonzero(rng.random(400) < per_request).tolist(),
        )
        for number in range(episodes)
    ]


def test_a_random_alarm_detects_what_its_false_alarms_alone_would() -> None:
    found = detection(_random_alarms(0.003, 300), ["r"])
    assert found.detected.low < found.by_chance.value < found.detected.high
    assert found.p_chance > 0.05
    assert found.false_alarms.per_thousand.low < 3 < found.false_alarms.per_thousand.high


def test_a_rule_that_sees_the_fault_beats_chance() -> None:
    mine = [watched(episode(number), r=[70] if number % 2 else []) for number in range(20)]
    assert detection(mine, ["r"]).p_chance < 0.001


def _twin(number: int, places: list[int]) -> Watched:
    return watched(episode(number, kind="healthy", fault="none"), r=places)


def test_alarms_that_the_healthy_twin_raises_too_are_not_the_faults() -> None:
    faulty = [watched(episode(number), r=[70]) for number in range(8)]
    found = against_twins(faulty, ["r"], [_twin(number, [70]) for number in range(8)])
    assert (found.pairs, found.both, found.p_more) == (8, 8, 1.0)
    assert found.beyond.value == 0


def test_what_another_rule_sees_counts_beside_a_false_alarm_that_the_twin_has_too() -> None:
    faulty = [watched(episode(number), r=[70], s=[80] if number % 2 else []) for number in range(8)]
    found = against_twins(faulty, ["r", "s"], [_twin(number, [70]) for number in range(8)])
    assert (found.both, found.beyond.value) == (8, 0.5)
    assert found.beyond.low < 0.5 < found.beyond.high


def test_alarms_under_the_fault_alone_are_tested_by_their_signs() -> None:
    faulty = [watched(episode(number), r=[70]) for number in range(8)]
    found = against_twins(faulty, ["r"], [_twin(number, []) for number in range(8)])
    assert (found.only_fault, found.p_more) == (8, pytest.approx(0.5**8))


def test_an_episode_without_a_twin_as_long_as_it_is_left_out() -> None:
    found = against_twins([watched(episode(1), r=[70])], ["r"], [watched(episode(2), r=[])])
    assert found.pairs == 0
    assert math.isnan(found.p_more)
