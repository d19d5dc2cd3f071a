from __future__ import annotations

import math

import numpy as np
import pytest

from observability.bench.localisation import (
    Method,
    blame,
    compare_methods,
    confusion,
    evidence,
    localisation,
    locate,
)
from observability.bench.watching import Watched
from tests.observability.bench.episodes import episode, info, track, watched

INFOS = {
    "data": info("data", "data"),
    "top": info("top", "retrieval", spans=("retrieval",)),
    "reply": info("reply", "model", spans=("chat",)),
    "answer": info("answer", "answer"),
}
RULES = tuple(INFOS)
ALONE = Method(weigh="excess", pool="max")


def _exceeding(**ratios: float) -> Watched:
    tracks = {}
    for name, ratio in ratios.items():
        statistic = np.where(np.arange(100) >= 60, ratio * 2.0, 0.0)
        alarms = [60] if ratio > 1 else []
        tracks[name] = track(alarms=alarms, statistic=statistic, threshold=2.0)
    return Watched(episode(), tracks)


def test_the_layer_whose_rule_exceeds_its_threshold_the_most_comes_first() -> None:
    found = blame(_exceeding(top=3.0, reply=5.0, data=0.9), INFOS, RULES, ALONE)
    assert found.layers == (("model", 5.0), ("retrieval", 3.0))
    assert found.spans == (("chat", 5.0), ("retrieval", 3.0))


def test_an_upstream_layer_explains_the_ones_below_if_the_method_says_so() -> None:
    mine = _exceeding(top=3.0, reply=5.0)
    upstream = Method(weigh="excess", pool="max", upstream=0.5)
    assert blame(mine, INFOS, RULES, upstream).layers[0][0] == "retrieval"
    strict = Method(weigh="excess", pool="max", upstream=0.7)
    assert blame(mine, INFOS, RULES, strict).layers[0][0] == "model"


def test_rules_about_the_answer_blame_no_layer() -> None:
    assert blame(_exceeding(answer=9.0), INFOS, RULES, ALONE).layers == ()


def test_an_alarm_from_before_the_onset_is_no_evidence() -> None:
    mine = watched(episode(), top=[20], reply=[60])
    assert [name for name, _ in blame(mine, INFOS, RULES).layers] == ["model"]


def test_rules_that_alarm_too_long_after_the_first_are_not_heard() -> None:
    mine = watched(episode(), top=[51], reply=[90])
    assert [n for n, _ in blame(mine, INFOS, RULES, Method(within=20)).layers] == ["retrieval"]


@pytest.mark.parametrize(
    ("weigh", "expected"),
    [("excess", 4.0), ("log", 1 + math.log(4)), ("vote", 1.0), ("earliest", 0.9)],
)
def test_what_an_alarm_weighs_is_the_methods_choice(weigh: str, expected: float) -> None:
    statistic = np.where(np.arange(100) >= 60, 8.0, 0.0)
    said = track(alarms=[60], statistic=statistic, threshold=2.0)
    method = Method(within=100, weigh=weigh)  # type: ignore[arg-type]
    assert evidence(said, 50, method) == pytest.approx(expected)


@pytest.mark.parametrize("threshold", [math.nan, 0.0, -1.0])
def test_an_alarm_whose_excess_has_no_measure_weighs_one(threshold: float) -> None:
    said = track(alarms=[60], statistic=np.ones(100), threshold=threshold)
    assert evidence(said, 50, ALONE) == 1.0


def test_an_episode_detected_without_any_layer_blamed_counts_as_wrong() -> None:
    mine = [watched(episode(1), top=[60]), watched(episode(2), answer=[60])]
    located = locate(mine, INFOS, RULES)
    found = localisation(located)
    assert (found.detected, found.ac1.value, found.ac3.value) == (2, 0.5, 0.5)
    assert found.spans1.value == 0.5
    assert confusion(located) == {("retrieval", "retrieval"): 1, ("retrieval", ""): 1}


def test_missed_episodes_and_controls_are_not_located() -> None:
    mine = [watched(episode(1), top=[]), watched(episode(2, kind="control"), top=[60])]
    found = localisation(locate(mine, INFOS, RULES))
    assert found.detected == 0
    assert math.isnan(found.ac1.value)


def test_layers_named_at_random_score_as_random_layers_do() -> None:
    rng = np.random.default_rng(8)
    layers = ("data", "retrieval", "context and prompt", "model", "routing and agents")
    layers += ("tools", "memory")
    infos = {layer: info(layer, layer) for layer in layers}
    mine = [
        watched(episode(n, layer=str(rng.choice(layers))), **{str(rng.choice(layers)): [60]})
        for n in range(400)
    ]
    found = localisation(locate(mine, infos, tuple(infos)))
    assert found.ac1.low < found.random1 < found.ac1.high


def test_methods_are_compared_on_the_same_episodes_the_best_first() -> None:
    mine = [_exceeding(top=3.0, reply=5.0)]
    ranked = compare_methods(mine, INFOS, RULES, [ALONE, Method(weigh="excess", upstream=0.0)])
    assert [(method.upstream, found.ac1.value) for method, found in ranked] == [
        (0.0, 1.0),
        (1.0, 0.0),
    ]
