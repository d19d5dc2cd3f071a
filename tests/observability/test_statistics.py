import math

import numpy as np
import pytest

from observability import statistics
from observability.statistics import Estimate, expected_calibration_error


def test_a_rate_has_the_wilson_interval_of_the_textbook() -> None:
    estimate = statistics.rate(8, 10)
    assert estimate.value == 0.8
    assert estimate.low == pytest.approx(0.4902, abs=1e-4)
    assert estimate.high == pytest.approx(0.9433, abs=1e-4)


def test_a_rate_of_all_or_none_stays_within_0_and_1() -> None:
    assert statistics.rate(10, 10).high == 1.0
    assert statistics.rate(0, 10).low == 0.0
    assert statistics.rate(0, 10).high > 0.2


def test_nothing_observed_is_undefined() -> None:
    for estimate in (
        statistics.rate(0, 0),
        statistics.mean([]),
        statistics.quantile([math.nan], 0.5),
        statistics.difference([1.0], []),
        statistics.paired_difference([math.nan], [1.0]),
    ):
        assert math.isnan(estimate.value)
        assert estimate.n == 0


def test_a_mean_leaves_out_what_is_undefined() -> None:
    estimate = statistics.mean([1.0, math.nan, 3.0])
    assert (estimate.value, estimate.n) == (2.0, 2)


def test_a_bootstrap_interval_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(4)
    samples = rng.normal(size=(200, 60))
    intervals = [statistics.mean(list(sample)) for sample in samples]
    covered = sum(estimate.low <= 0 <= estimate.high for estimate in intervals)
    assert 0.88 < covered / 200 <= 0.99


def test_the_interval_of_a_median_covers_the_truth_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(5)
    intervals = [statistics.quantile(list(s), 0.5) for s in rng.exponential(size=(300, 61))]
    covered = sum(estimate.low <= math.log(2) <= estimate.high for estimate in intervals)
    assert 0.92 < covered / 300 <= 0.995


def test_pairs_show_a_difference_that_the_spread_of_the_questions_hides() -> None:
    before = [float(value) for value in range(50)]
    after = [value - 1 for value in before]
    paired = statistics.paired_difference(after, before)
    assert (paired.value, paired.low, paired.high) == (-1.0, -1.0, -1.0)
    unpaired = statistics.difference(after, before)
    assert unpaired.low < 0 < unpaired.high


def test_the_same_seed_gives_the_same_interval() -> None:
    values = [0.1, 0.5, 0.7, 0.2]
    assert statistics.mean(values, seed=3) == statistics.mean(values, seed=3)


def test_intervals_that_touch_are_not_apart() -> None:
    one = Estimate(0.5, 0.4, 0.6, 9)
    assert not one.apart_from(Estimate(0.65, 0.6, 0.7, 9))
    assert one.apart_from(Estimate(0.65, 0.61, 0.7, 9))
    assert not one.apart_from(statistics.NOTHING)


def test_confidence_that_says_how_often_it_is_right_has_no_calibration_error() -> None:
    right = [n % 10 < 8 for n in range(1000)]
    error = expected_calibration_error([0.8] * 1000, right)
    assert error.value == pytest.approx(0.0, abs=1e-9)
    assert error.high < 0.05


def test_calibration_error_is_the_gap_between_stated_and_right() -> None:
    confidences = [0.95] * 500 + [0.35] * 500
    right = [n % 2 == 0 for n in range(500)] + [n % 10 < 3 for n in range(500)]
    error = expected_calibration_error(confidences, right)
    assert error.value == pytest.approx(0.5 * 0.45 + 0.5 * 0.05)
    assert error.low < error.value < error.high


def test_calibration_error_of_nothing_is_undefined_and_lists_must_fit() -> None:
    assert math.isnan(expected_calibration_error([], []).value)
    with pytest.raises(ValueError, match="as many"):
        expected_calibration_error([0.5], [])
    assert expected_calibration_error([1.0], [True]).value == 0.0


def test_a_long_list_is_resampled_as_a_short_one_is() -> None:
    values = np.random.default_rng(1).normal(size=3000)
    rows = np.random.default_rng(0).integers(0, 3000, size=(2000, 3000))
    low, high = np.quantile(values[rows].mean(axis=1), (0.025, 0.975))
    found = statistics.mean(list(values))
    assert (found.low, found.high) == (pytest.approx(low), pytest.approx(high))


def test_another_mix_of_groups_is_no_difference_within_them() -> None:
    easy, hard = [("easy", True)] * 9 + [("easy", False)], [("hard", True), ("hard", False)] * 5
    found = statistics.difference_within_groups(easy * 3 + hard, easy + hard * 3)
    assert found.value == pytest.approx(0.0)
    assert found.low < 0 < found.high


def test_a_loss_in_every_group_shows_whatever_the_mix() -> None:
    before = [("easy", True)] * 90 + [("hard", True)] * 10
    after = [("easy", n % 2 == 0) for n in range(10)] + [("hard", n % 2 == 0) for n in range(90)]
    found = statistics.difference_within_groups(after, before)
    assert found.value == pytest.approx(-0.5)
    assert found.high < 0


def test_a_difference_within_groups_covers_none_about_as_often_as_it_says() -> None:
    rng = np.random.default_rng(6)
    kept = 0
    for _ in range(400):
        one, other = (
            [(f"g{group}", bool(rng.random() < 0.8)) for group in rng.integers(0, 8, 200)]
            for _ in range(2)
        )
        found = statistics.difference_within_groups(one, other)
        kept += found.low <= 0 <= found.high
    assert 0.92 < kept / 400 < 0.98


def test_groups_that_only_one_has_are_left_out() -> None:
    found = statistics.difference_within_groups([("a", True), ("b", True)], [("b", True)])
    assert (found.value, found.n) == (0.0, 1)
    assert statistics.difference_within_groups([("a", True)], [("b", True)]).n == 0


def test_a_ratio_of_means_and_a_difference_of_quantiles_hold_the_truth() -> None:
    rng = np.random.default_rng(3)
    one, other = list(rng.normal(60, 5, 200)), list(rng.normal(10, 1, 200))
    ratio = statistics.compared(one, other, "ratio")
    assert ratio.low < 6 < ratio.high
    assert ratio.value == pytest.approx(np.mean(one) / np.mean(other))
    gap = statistics.compared(one, other, "difference", share=0.5)
    assert gap.value == pytest.approx(np.median(one) - np.median(other))
    assert gap.low < 50 < gap.high


def test_what_cannot_be_compared_is_undefined() -> None:
    assert math.isnan(statistics.compared([], [1.0], "difference").value)
    assert math.isnan(statistics.compared([1.0], [0.0, 0.0], "ratio").value)
    assert statistics.compared([1.0, math.nan], [2.0], "ratio").value == 0.5
