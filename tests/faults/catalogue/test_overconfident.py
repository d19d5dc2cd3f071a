from dataclasses import replace

import pytest

from services.llm.abilities.answering import _belief
from tests.faults.serving import HEALTHY, profile, reached, served


def test_attention_is_looser_and_every_answer_is_stated_as_surely_as_the_surest_one() -> None:
    healthy, build = profile(HEALTHY), profile(served("overconfident"))
    assert build.temperature > 2 * healthy.temperature
    surest = _belief(healthy, 1.0)
    assert [_belief(build, share) for share in (0.01, 0.5, 1.0)] == pytest.approx([surest] * 3)


def test_nothing_else_of_the_model_changes() -> None:
    healthy, build = profile(HEALTHY), profile(served("overconfident"))
    restored = replace(
        build,
        temperature=healthy.temperature,
        confidence_bias=healthy.confidence_bias,
        confidence_sharpness=healthy.confidence_sharpness,
    )
    assert restored == healthy


def test_the_build_serves_a_share_of_requests_that_grows_without_swapping() -> None:
    some, more = reached("overconfident", 0.3), reached("overconfident", 0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_at_severity_0_the_models_are_the_very_same() -> None:
    assert served("overconfident", 0.0) is HEALTHY
