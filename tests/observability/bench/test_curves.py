from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from observability.bench.curves import Order, Scored, auroc, average_precision, precision_recall


def _drawn(requests: int = 4000, groups: int = 20, effect: float = 0.8, digits: int = 9) -> Scored:
    rng = np.random.default_rng(1)
    bad = rng.random(requests) < 0.3
    scores = np.round(rng.normal(size=requests) + effect * bad, digits)
    return Scored(Order(scores, np.arange(requests) * groups // requests), bad)


@pytest.mark.parametrize("digits", [9, 1], ids=["no ties", "many ties"])
def test_both_areas_are_those_of_scikit_learn(digits: int) -> None:
    drawn = _drawn(digits=digits)
    assert auroc(drawn).value == pytest.approx(roc_auc_score(drawn.bad, drawn.order.scores))
    expected = average_precision_score(drawn.bad, drawn.order.scores)
    assert average_precision(drawn).value == pytest.approx(expected)


def test_a_random_score_has_half_and_the_base_rate_inside_its_intervals() -> None:
    drawn = _drawn(effect=0.0)
    area, precision = auroc(drawn), average_precision(drawn)
    assert area.low < 0.5 < area.high
    assert precision.low < drawn.bad.mean() < precision.high


def test_the_bootstrap_by_episode_is_as_wide_as_one_that_draws_requests_of_whole_episodes() -> None:
    drawn = _drawn(requests=2500, groups=25)
    rng = np.random.default_rng(2)
    values = []
    for _ in range(200):
        rows = np.concatenate(
            [np.flatnonzero(drawn.order.groups == g) for g in rng.integers(0, 25, size=25)]
        )
        values.append(roc_auc_score(drawn.bad[rows], drawn.order.scores[rows]))
    low, high = np.quantile(values, (0.025, 0.975))
    area = auroc(drawn)
    assert (area.low, area.high) == pytest.approx((low, high), abs=0.006)


def test_episodes_that_differ_make_the_interval_wider_than_requests_alone_would() -> None:
    rng = np.random.default_rng(3)
    groups = np.arange(4000) // 200
    bad = rng.random(4000) < 0.3
    scores = rng.normal(size=4000) + bad * rng.normal(size=20)[groups]
    clustered = auroc(Scored(Order(scores, groups), bad))
    alone = auroc(Scored(Order(scores, np.zeros(4000, dtype=np.intp)), bad))
    assert clustered.high - clustered.low > 2 * (alone.high - alone.low)


def test_delong_of_a_single_episode_covers_the_true_area_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    truth = 0.7602  # of two normals, one apart
    covered = 0
    for _ in range(200):
        bad = np.arange(120) < 50
        scores = rng.normal(size=120) + bad
        area = auroc(Scored(Order(scores, np.zeros(120, dtype=np.intp)), bad))
        covered += area.low <= truth <= area.high
    assert 180 <= covered <= 199


def test_areas_are_undefined_without_bad_requests() -> None:
    good = Scored(Order(np.arange(3.0), np.zeros(3, dtype=np.intp)), np.zeros(3, dtype=np.bool_))
    assert math.isnan(auroc(good).value)
    assert math.isnan(average_precision(good).value)
    assert precision_recall(good) == ()


def test_requests_without_a_score_are_left_out() -> None:
    scores = np.array([0.1, np.nan, 0.9])
    told = Scored(Order(scores, np.zeros(3, dtype=np.intp)), np.array([False, True, True]))
    assert auroc(told).value == 1.0
    assert len(told) == 2


def test_the_curve_ends_at_full_recall_with_the_base_rate_as_precision() -> None:
    drawn = _drawn()
    curve = precision_recall(drawn)
    assert len(curve) == 200
    assert curve[-1] == pytest.approx((1.0, drawn.bad.mean()))
