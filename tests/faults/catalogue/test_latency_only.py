from dataclasses import replace

import pytest

from faults.fault import Kind
from faults.registry import catalogue
from services.lab.silence import LATENCY_ALLOWED
from services.llm.profiles import Profile
from tests.faults.serving import HEALTHY, profile, served

TIMES = ("first_token_base", "first_token_per_input", "seconds_per_token")


def times(found: Profile) -> list[float]:
    return [getattr(found, name) for name in TIMES]


def test_all_times_are_longer_alike_and_within_what_is_allowed() -> None:
    healthy, longer = profile(HEALTHY), profile(served("latency_only"))
    factors = [b / a for a, b in zip(times(healthy), times(longer), strict=True)]
    assert factors == pytest.approx([factors[0]] * 3)
    assert 1.1 < factors[0] < LATENCY_ALLOWED


def test_severity_scales_how_much_longer() -> None:
    half, whole = profile(served("latency_only", 0.5)), profile(served("latency_only"))
    assert profile(HEALTHY).seconds_per_token < half.seconds_per_token < whole.seconds_per_token


def test_nothing_but_times_changes() -> None:
    healthy, longer = profile(HEALTHY), profile(served("latency_only"))
    assert replace(longer, **dict(zip(TIMES, times(healthy), strict=True))) == healthy


def test_it_is_a_control() -> None:
    assert catalogue().get("latency_only").kind is Kind.CONTROL
