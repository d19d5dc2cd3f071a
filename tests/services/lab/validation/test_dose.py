import numpy as np
import pytest

from services.lab.validation.dose import dose_response

SEVERITIES = (0.0, 0.25, 0.5, 0.75, 1.0)


def answers(shares: list[float], count: int = 200) -> list[list[float]]:
    luck = np.random.default_rng(5).random(count)
    return [[float(one < share) for one in luck] for share in shares]


def test_a_curve_that_only_falls_is_its_own_best_curve() -> None:
    dose = dose_response(SEVERITIES, answers([0.95, 0.9, 0.7, 0.5, 0.2]), rising=False)
    assert dose.means == dose.isotonic
    assert dose.p_value == 1.0


def test_a_curve_that_recovers_by_much_is_not_one_way() -> None:
    dose = dose_response(SEVERITIES, answers([0.95, 0.3, 0.3, 0.9, 0.9]), rising=False)
    assert not dose.monotone


def test_a_step_back_of_one_request_is_noise() -> None:
    dose = dose_response(SEVERITIES, answers([0.95, 0.8, 0.6, 0.605, 0.3]), rising=False)
    assert dose.monotone


def test_a_measure_that_is_claimed_to_rise_must_not_fall() -> None:
    falling = answers([0.9, 0.7, 0.5, 0.3, 0.1])
    assert not dose_response(SEVERITIES, falling, rising=True).monotone


def test_a_request_without_a_value_somewhere_is_left_out() -> None:
    values = answers([0.9, 0.5, 0.5, 0.5, 0.1])
    values[2][0] = float("nan")
    assert len(dose_response(SEVERITIES, values, rising=False).means) == 5
    assert not np.isnan(dose_response(SEVERITIES, values, rising=False).means).any()


def test_severities_without_values_are_refused() -> None:
    with pytest.raises(ValueError, match="each severity"):
        dose_response(SEVERITIES, answers([0.9, 0.5]), rising=False)
