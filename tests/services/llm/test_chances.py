"""Log-probabilities follow from the confidence and from what else could have been said."""

from __future__ import annotations

import math

import pytest

from services.llm.chances import Rival, chances

TEXT = "The rent of the hall is 900 EUR [D1]."
RIVALS = (Rival("The rent of the barn is 700 EUR.", 0.2), Rival("The yard costs 500 EUR.", 0.1))


@pytest.mark.parametrize("confidence", [0.99, 0.7, 0.3])
def test_the_mean_of_the_logprobs_is_the_log_of_the_confidence(confidence: float):
    found = chances(TEXT, confidence)
    assert "".join(chance.token for chance in found) == TEXT
    mean = sum(chance.logprob for chance in found) / len(found)
    assert math.exp(mean) == pytest.approx(confidence)


def test_figures_carry_more_of_the_doubt_than_other_words():
    by_token = {chance.token.strip(): chance.logprob for chance in chances(TEXT, 0.7)}
    assert by_token["900"] < by_token["hall"]


def test_what_rivals_say_is_listed_with_what_is_left_over():
    found = {c.token.strip(): c for c in chances(TEXT, 0.7, RIVALS, top=3)}
    others = dict(found["900"].others)
    assert {other.strip() for other in others} & {"700", "500"}
    assert sum(math.exp(logprob) for logprob in others.values()) <= 1.0 + 1e-6


def test_an_empty_reply_has_no_tokens():
    assert chances("", 0.5, RIVALS, top=2) == []
