from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import f1_score, precision_score, recall_score

from observability.bench.requests import Question, RequestScore, judged, signal_score, truth_of
from observability.bench.watching import Watched
from tests.observability.bench.episodes import episode, track


def _score(mine: list[Watched], question: Question) -> RequestScore:
    return {each.question: each for each in judged("r", mine).scores}[question]


def _flagged_at_random(share: float, episodes: int = 12) -> list[Watched]:
    rng = np.random.default_rng(5)
    found = []
    for number in range(episodes):
        of = episode(number, requests=200, onset=100)
        flags = rng.random(200) < share
        found.append(Watched(of, {"r": track(200, flagged=flags, score=rng.random(200))}))
    return found


def test_precision_recall_and_f1_are_those_of_scikit_learn() -> None:
    mine = _flagged_at_random(0.3)
    truth = np.concatenate([each.episode.truth.impacted for each in mine])
    flags = np.concatenate([each.tracks["r"].flagged for each in mine])
    score = _score(mine, "impacted")
    assert score.precision.value == pytest.approx(precision_score(truth, flags))
    assert score.recall.value == pytest.approx(recall_score(truth, flags))
    assert score.f1.value == pytest.approx(f1_score(truth, flags))


def test_a_random_flag_scores_like_a_random_flag() -> None:
    score = _score(_flagged_at_random(0.3), "impacted")
    assert score.base_rate == 0.5
    assert score.precision.low < score.base_rate < score.precision.high
    assert score.recall.low < 0.3 < score.recall.high
    assert score.flagged_healthy.low < 0.3 < score.flagged_healthy.high
    assert score.auroc.low < 0.5 < score.auroc.high


def test_whoever_never_flags_has_no_precision_and_no_recall() -> None:
    score = _score(_flagged_at_random(0.0), "impacted")
    assert math.isnan(score.precision.value)
    assert (score.recall.value, score.f1.value) == (0.0, 0.0)


def test_the_question_decides_what_is_true() -> None:
    of = episode(impacted=[60, 61])
    flags = np.arange(100) >= 50
    mine = [Watched(of, {"r": track(flagged=flags)})]
    assert _score(mine, "applied").precision.value == 1.0
    assert _score(mine, "impacted").precision.value == pytest.approx(2 / 50)


def test_an_answer_may_be_wrong_without_any_fault() -> None:
    of = episode(kind="healthy")
    of.truth.correct[3] = False
    assert np.flatnonzero(truth_of(of, "answer wrong")).tolist() == [3]
    assert not truth_of(of, "impacted").any()


def test_healthy_requests_that_episodes_share_count_once_among_healthy_ones() -> None:
    flags = np.zeros(100, dtype=np.bool_)
    flags[0] = True
    mine = [
        Watched(episode(number, fault=fault, seed=1), {"r": track(flagged=flags)})
        for number, fault in enumerate("ab")
    ]
    flagged = _score(mine, "impacted").flagged_healthy
    assert (flagged.value, flagged.n) == (1 / 50, 50)


def test_a_signal_points_the_way_that_its_description_says() -> None:
    low_is_bad = np.where(np.arange(100) >= 50, 0.1, 0.9)
    mine = [episode(signals={"support": low_is_bad})]
    assert signal_score("support", False, mine)[0].auroc.value == 1.0
    assert signal_score("support", True, mine)[0].auroc.value == 0.0


def test_the_share_of_requests_that_have_a_signal_is_told() -> None:
    values = np.where(np.arange(100) % 2 == 0, np.nan, np.arange(100))
    (score,) = signal_score("s", True, [episode(signals={"s": values})], ["impacted"])
    assert score.told == 0.5
    assert score.auroc.value == 1.0
