from corpus.luck import Luck
from tests.faults.serving import HEALTHY, profile, reached, served


def test_nothing_is_allowed_and_the_models_stay() -> None:
    models = served("llm_rate_limited")
    assert models.allowance(Luck(1)) == 0
    assert profile(models) == profile(HEALTHY)


def test_a_share_of_requests_is_turned_away_and_grows_without_swapping() -> None:
    some, more = reached("llm_rate_limited", 0.3), reached("llm_rate_limited", 0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_whoever_is_not_hit_keeps_the_allowance() -> None:
    models = served("llm_rate_limited", 0.3)
    assert {models.allowance(Luck(seed)) for seed in range(50)} == {0, 60}


def test_at_severity_0_the_models_are_the_very_same() -> None:
    assert served("llm_rate_limited", 0.0) is HEALTHY
