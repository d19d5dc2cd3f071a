from dataclasses import replace

from tests.faults.serving import HEALTHY, profile, served


def delay(severity: float) -> float:
    found = profile(served("slow_first_token", severity))
    return found.first_token_base + 2 * found.first_token_per_input


def test_the_delay_grows_with_severity_up_to_six_times() -> None:
    delays = [delay(severity / 10) for severity in range(11)]
    assert delays == sorted(delays)
    assert abs(delays[-1] / delays[0] - 6) < 1e-9


def test_all_but_the_first_token_stays() -> None:
    healthy, slow = profile(HEALTHY), profile(served("slow_first_token"))
    restored = replace(
        slow,
        first_token_base=healthy.first_token_base,
        first_token_per_input=healthy.first_token_per_input,
    )
    assert restored == healthy


def test_every_model_is_slow() -> None:
    slow, healthy = profile(served("slow_first_token"), "sim-mini"), profile(HEALTHY, "sim-mini")
    assert slow.first_token_base > healthy.first_token_base


def test_at_severity_0_the_models_are_the_very_same() -> None:
    assert served("slow_first_token", 0.0) is HEALTHY
