from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from observability.bench.blind_spots import blind_spots
from observability.bench.detection import outcomes
from observability.bench.held_out import held_out
from observability.bench.leaderboard import Entry, leaderboard
from observability.bench.missed import missed
from observability.bench.severities import doses, smallest_detectable
from observability.bench.watching import Watched, track_of_times, watch
from observability.detectors.errors import RuleFailed
from tests.observability.bench.episodes import episode, info, track, watched


def _at_severities(**detected: bool) -> float:
    mine = [
        watched(episode(n, severity=float(name[1:]) / 10), r=[60] if seen else [])
        for name, seen in detected.items()
        for n in range(3)
    ]
    return smallest_detectable(doses(outcomes(mine, ["r"])), "f")


def test_the_smallest_detectable_severity_is_detected_and_so_are_all_above() -> None:
    assert _at_severities(s2=False, s6=True, s10=True) == 0.6
    assert _at_severities(s2=True, s6=False, s10=True) == 1.0


def test_there_is_no_smallest_severity_if_the_highest_is_missed() -> None:
    assert math.isnan(_at_severities(s2=True, s6=True, s10=False))


def test_half_of_the_episodes_are_not_most_of_them() -> None:
    mine = [watched(episode(n), r=[60] if n else []) for n in range(2)]
    assert math.isnan(smallest_detectable(doses(outcomes(mine, ["r"])), "f"))


def test_a_rule_that_detects_what_it_is_declared_blind_to_refutes_the_blind_spot() -> None:
    mine = [watched(episode(n, blind=("r", "q", "?")), r=[60], q=[]) for n in range(5)]
    found = {each.name: each.verdict for each in blind_spots(mine, {})}
    assert found == {"r": "refuted", "q": "confirmed", "?": "not measured"}


def test_a_signal_is_blind_if_it_cannot_tell_requests_under_the_fault_from_others() -> None:
    rng = np.random.default_rng(9)
    noise = rng.normal(size=400)
    telling = noise + (np.arange(400) >= 200)
    of = episode(requests=400, onset=200, blind=("s", "t"), signals={"s": noise, "t": telling})
    found = {each.name: each.verdict for each in blind_spots([watched(of)], {"s": True})}
    assert found == {"s": "confirmed", "t": "refuted"}


def test_a_route_is_not_taken_for_the_fault_that_only_its_requests_meet() -> None:
    rng = np.random.default_rng(9)
    long_way = np.arange(400) % 2 == 0
    latency = rng.normal(size=400) + 5 * long_way
    of = episode(requests=400, onset=200, blind=("latency",), signals={"latency": latency})
    routes = pa.array(["long" if long else "short" for long in long_way])
    of = replace(
        of,
        signals=of.signals.append_column("route", routes),
        truth=replace(of.truth, applied=of.truth.applied & long_way),
    )
    (found,) = blind_spots([watched(of)], {"latency": True})
    assert found.verdict == "confirmed"
    assert found.seen.value == pytest.approx(0.5, abs=0.1)


def _missed(before: float, after: float, impacted: list[int] | None = None) -> str:
    statistic = np.where(np.arange(100) >= 50, after, before)
    mine = [Watched(episode(impacted=impacted), {"r": track(statistic=statistic, threshold=2.0)})]
    (found,) = missed(mine, ["r"])
    return found.told


def test_a_miss_says_how_near_the_threshold_the_nearest_rule_came() -> None:
    told = _missed(before=0.5, after=1.5)
    assert told == (
        "it moved below the threshold: r reached 0.75 of its threshold, 0.25 in healthy traffic"
    )


def test_a_miss_says_if_nothing_moved_beyond_healthy_traffic() -> None:
    assert _missed(before=1.5, after=1.0).startswith("nothing moved beyond healthy traffic")


def test_a_miss_says_if_an_earlier_alarm_was_still_on() -> None:
    assert "began before the onset" in _missed(before=3.0, after=3.0)


def test_a_miss_says_if_the_fault_changed_no_answer() -> None:
    assert "changed no answer" in _missed(before=1.0, after=1.0, impacted=[])


def test_held_out_faults_are_compared_fault_by_fault() -> None:
    results = [(f"h{n}", True, n < 2) for n in range(4) for _ in range(3)]
    results += [(f"o{n}", False, n < 6) for n in range(8) for _ in range(3)]
    found = held_out(results)
    assert (found.held_out.value, found.others.value) == (0.5, 0.75)
    assert found.difference.value == -0.25
    assert found.difference.low < -0.5 < 0 < found.difference.high


def test_the_difference_has_no_interval_with_a_single_fault_on_one_side() -> None:
    assert math.isnan(held_out([("h", True, True), ("a", False, True)]).difference.low)


def _entry(name: str, places: list[int]) -> Entry:
    return Entry(name, {"r": info("r")}, [watched(episode(1), r=places)])


def test_a_set_that_keeps_to_the_budget_stands_before_one_that_cries_wolf() -> None:
    board = leaderboard([_entry("wolf", [3, 60]), _entry("meek", []), _entry("good", [60])], 1.0)
    assert [each.name for each in board] == ["good", "meek", "wolf"]


def test_sets_that_watched_other_episodes_are_not_compared() -> None:
    other = Entry("other", {"r": info("r")}, [watched(episode(2), r=[])])
    with pytest.raises(ValueError, match="same episodes"):
        leaderboard([_entry("one", []), other], 1.0)


def test_an_alarm_known_by_its_time_belongs_to_the_last_request_that_had_begun() -> None:
    seconds = (-1, 0, 59.5, 60, 1e6)
    found = track_of_times((int(each * 1e9) for each in seconds), episode())
    assert found.alarms == (0, 59, 60, 99)


class _Failing:
    info = info("bad")

    def feed(self, requests: object) -> None:
        raise RuleFailed("the query took too long")

    def reset(self) -> None:
        pass


class _Alarming:
    info = info("good")

    def __init__(self) -> None:
        self.resets = 0

    def feed(self, requests: object) -> object:
        return track(alarms=[60])

    def reset(self) -> None:
        self.resets += 1


def test_a_rule_that_fails_is_named_and_the_others_go_on_with_nothing_remembered() -> None:
    good = _Alarming()
    found = watch({"bad": _Failing(), "good": good}, episode())  # type: ignore[dict-item]
    assert found.failures == {"bad": "the query took too long"}
    assert found.tracks["good"].alarms == (60,)
    assert good.resets == 1
