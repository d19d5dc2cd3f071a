from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pytest
from river import drift
from scipy import stats

from observability.detectors.detector import Setup, Window, detector_kinds
from observability.detectors.reference import Reference, of_labels, of_numbers

WINDOW = 100
THRESHOLDS = {
    "mean": 0.75,
    "ewma": 4.0,
    "cusum": 12.0,
    "page_hinkley": 40.0,
    "adwin": 0.5,
    "ks": 2.5,
    "psi": 0.5,
    "confidence_sequence": math.log(1000),
}
STANDARD = Reference(10_000, 0.0, 1.0)


def setup(name: str, reference: Reference, direction: str = "both", **given: float) -> Setup:
    kind = detector_kinds()[name]
    return Setup(
        direction,  # type: ignore[arg-type]
        Window(WINDOW),
        reference,
        kind.filled(given),
    )


def statistics(name: str, made: Setup, values: Sequence[float | str]) -> np.ndarray:
    detector = detector_kinds()[name].make(made)
    found = []
    for n, value in enumerate(values):
        detector.update(value, n)
        found.append(detector.statistic if detector.count >= 30 else math.nan)
    return np.asarray(found)


def normal(seed: int, count: int, mean: float = 0.0) -> np.ndarray:
    return np.random.default_rng(seed).normal(mean, 1.0, count)


def bounded(given: dict[str, float], name: str) -> dict[str, float]:
    return {"low": -6.0, "high": 6.0, **given} if name == "confidence_sequence" else given


def test_a_threshold_here_is_said_for_every_kind() -> None:
    assert set(THRESHOLDS) == set(detector_kinds())


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_a_shift_of_one_standard_deviation_is_found_and_health_is_not(name: str) -> None:
    made = setup(name, of_numbers(normal(1, 5000)), **bounded({}, name))
    values = np.concatenate([normal(2, 600), normal(3, 400, 1.0)])
    above = statistics(name, made, list(values)) >= THRESHOLDS[name]
    assert not above[:600].any()
    assert above[600:900].any()


@pytest.mark.parametrize("name", sorted(set(THRESHOLDS) - {"psi"}))
@pytest.mark.parametrize(("direction", "shift"), [("up", -1.0), ("down", 1.0)])
def test_a_shift_the_other_way_is_not_looked_for(name: str, direction: str, shift: float) -> None:
    made = setup(name, of_numbers(normal(1, 5000)), direction, **bounded({}, name))
    values = np.concatenate([normal(2, 600), normal(3, 400, shift)])
    assert not (statistics(name, made, list(values)) >= THRESHOLDS[name]).any()
    opposite = np.concatenate([normal(2, 600), normal(3, 400, -shift)])
    assert (statistics(name, made, list(opposite)) >= THRESHOLDS[name])[600:].any()


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_reset_makes_a_detector_as_good_as_new(name: str) -> None:
    made = setup(name, of_numbers(normal(1, 5000)), **bounded({}, name))
    detector = detector_kinds()[name].make(made)
    for n, value in enumerate(normal(3, 300, 2.0)):
        detector.update(float(value), n)
    detector.reset()
    for n, value in enumerate(normal(4, 200)):
        detector.update(float(value), n)
    assert detector.statistic == pytest.approx(statistics(name, made, list(normal(4, 200)))[-1])


@pytest.mark.parametrize("name", sorted(THRESHOLDS))
def test_a_value_that_never_moved_on_healthy_requests_is_no_trouble(name: str) -> None:
    for constant in (0.0, 1.0):
        made = setup(name, of_numbers(np.full(500, constant)))
        found = statistics(name, made, [constant] * 300)
        kind = detector_kinds()[name]
        assert np.isfinite(found[30:]).all()
        assert (found[30:] < kind.floor(made)).all()


@pytest.mark.parametrize("direction", ["up", "down", "both"])
def test_page_hinkley_alarms_where_rivers_does(direction: str) -> None:
    made = setup("page_hinkley", STANDARD, direction, delta=0.05)
    found = 0
    for seed in range(20):
        values = np.concatenate([normal(seed, 300), normal(seed + 100, 200, (-1) ** seed * 1.0)])
        theirs = drift.PageHinkley(
            min_instances=1, delta=0.05, threshold=30, alpha=0.9999, mode=direction
        )
        ours = detector_kinds()["page_hinkley"].make(made)
        for n, value in enumerate(values):
            theirs.update(float(value))
            ours.update(float(value), n)
            assert (ours.statistic > 30) == theirs.drift_detected
            if theirs.drift_detected:  # river forgets everything then
                found += 1
                break
    assert found > 5


def test_adwin_alarms_where_rivers_does() -> None:
    values = np.concatenate([normal(1, 500), normal(2, 500, 1.5)])
    made = setup("adwin", STANDARD)
    theirs = drift.ADWIN(delta=0.002)
    expected = []
    for value in values:
        theirs.update(float(np.clip((value + 6) / 12, 0, 1)))
        expected.append(theirs.drift_detected)
    detector = detector_kinds()["adwin"].make(made)
    said = []
    for n, value in enumerate(values):
        detector.update(float(value), n)
        said.append(detector.statistic == 1.0)
    assert said == expected
    assert any(expected)


def test_the_distance_of_kolmogorov_and_smirnov_is_scipys_to_a_hundredth() -> None:
    healthy = normal(1, 20_000)
    made = setup("ks", of_numbers(healthy))
    values = normal(5, 300, 0.4)
    found = statistics("ks", made, list(values))
    for last in (99, 200, 299):
        window = values[last - 99 : last + 1]
        exact = stats.ks_2samp(window, healthy).statistic
        assert found[last] / 10 == pytest.approx(exact, abs=0.012)


def test_the_distance_is_right_for_values_that_repeat() -> None:
    healthy = np.repeat([0.0, 1.0, 2.0], [700, 200, 100])
    made = setup("ks", of_numbers(healthy))
    values = np.repeat([0.0, 1.0], [50, 50])
    found = statistics("ks", made, list(values))[-1] / 10
    assert found == pytest.approx(stats.ks_2samp(values, healthy).statistic, abs=0.012)


def test_stability_of_labels_is_their_sum_over_shares() -> None:
    made = setup("psi", of_labels(["a"] * 800 + ["b"] * 200))
    found = statistics("psi", made, ["a"] * 50 + ["b"] * 50)[-1]
    expected = (0.5 - 0.8) * math.log(0.5 / 0.8) + (0.5 - 0.2) * math.log(0.5 / 0.2)
    assert found == pytest.approx(expected, abs=0.05)


def test_a_label_never_seen_before_moves_the_index() -> None:
    made = setup("psi", of_labels(["a"] * 800 + ["b"] * 200))
    same = statistics("psi", made, (["a"] * 4 + ["b"]) * 20)[-1]
    new = statistics("psi", made, (["a"] * 4 + ["c"]) * 20)[-1]
    assert same < 0.02
    assert new > 0.5


def test_the_confidence_sequence_leaves_the_true_mean_out_as_seldom_as_it_says() -> None:
    # At whatever time: with ln(1/0.05) on either side at most one stream in ten may ever.
    left_out = 0
    for seed in range(200):
        values = np.random.default_rng(seed).beta(2, 5, 400)
        made = setup("confidence_sequence", Reference(1000, 2 / 7, 0.16), restart=1000)
        left_out += bool(
            np.nanmax(statistics("confidence_sequence", made, list(values))) >= math.log(20)
        )
    assert left_out <= 20


def test_the_average_settles_at_its_own_standard_error() -> None:
    made = setup("ewma", STANDARD, "up")
    ends = [statistics("ewma", made, list(normal(seed, 200)))[-1] for seed in range(300)]
    assert np.std(ends) == pytest.approx(1.0, abs=0.12)


def test_the_mean_does_not_wander_off_by_rounding() -> None:
    values = [1e9, *([0.1] * 5000)]
    made = setup("mean", STANDARD, "up")
    assert statistics("mean", made, values)[-1] == pytest.approx(0.1, abs=1e-12)
