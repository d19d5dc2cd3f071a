import pytest

from tests.faults.serving import HEALTHY, profile, reached, served


def test_the_alias_is_served_by_the_newer_snapshot() -> None:
    assert profile(HEALTHY).name == "sim-careful-2026-03"
    assert profile(served("model_snapshot_drift")).name == "sim-careful-2026-06"


@pytest.mark.parametrize("model", ["sim-careful-2026-03", "sim-mini", "sim-careful-2026-06"])
def test_a_snapshot_that_is_asked_for_by_name_and_other_models_stay(model: str) -> None:
    assert profile(served("model_snapshot_drift"), model) == profile(HEALTHY, model)


def test_the_rollout_reaches_a_share_of_requests_that_grows_without_swapping() -> None:
    some, more = reached("model_snapshot_drift", 0.3), reached("model_snapshot_drift", 0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_at_severity_0_the_models_are_the_very_same() -> None:
    assert served("model_snapshot_drift", 0.0) is HEALTHY
