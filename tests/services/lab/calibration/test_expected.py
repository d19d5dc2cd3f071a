import math
from dataclasses import replace

import numpy as np
import pytest

from corpus.luck import Luck
from services.lab.calibration.expected import Reader
from services.lab.calibration.trial import PromptWriter, Result, Trial
from services.llm.profiles import Profile, find_profile
from services.llm.reading import ReadingRoom
from services.llm.simulator import Simulator
from services.llm.wire import ChatCompletionRequest
from tests.corpus.fakes import HashingEmbedder
from tests.services.lab.calibration.fakes import GOLD, asked, chunk

CAREFUL = find_profile("sim-careful")
DRAWS = 600


def _trial() -> Trial:
    others = [
        chunk(n, text=f"Invoice INV-2026-00{10 + n}\nDue date: 2026-06-{10 + n}\nPaid: none")
        for n in range(1, 6)
    ]
    return Trial("gold_only", asked().question, (*others[:2], GOLD, *others[2:]))


@pytest.fixture(scope="module")
def reader() -> Reader:
    embedder = HashingEmbedder()
    return Reader(ReadingRoom(embedder), embedder.count_tokens, CAREFUL)


@pytest.mark.parametrize(
    "profile",
    [
        replace(CAREFUL, temperature=2.0),
        replace(CAREFUL, temperature=6.0, recency=3.0, position_passages=1.0),
        replace(CAREFUL, temperature=3.0, slip=0.4),
        replace(CAREFUL, temperature=2.0, nothing_bias=3.0, abstain_told=0.5),
        replace(
            CAREFUL, temperature=1.0, effective_context=20, length_blur=0.5, length_penalty=0.4
        ),
    ],
)
def test_expected_answers_are_those_that_the_simulator_gives(
    reader: Reader, profile: Profile
) -> None:
    trial = _trial()
    expected = reader.batch([trial]).results(profile)[0]
    embedder = HashingEmbedder()
    simulator = Simulator(embedder, embedder)
    body = PromptWriter().body(trial, profile.name, seed=0)
    request = ChatCompletionRequest.model_validate(body)
    found = dict.fromkeys(Result, 0)
    for seed in range(DRAWS):
        reply = simulator.complete(request, profile, Luck(seed))
        if reply.content.startswith("I could not find"):
            found[Result.ABSTAINED] += 1
        else:
            right = "2026-05-04" in reply.content
            found[Result.CORRECT if right else Result.WRONG] += 1
    for share, result in zip(expected, Result, strict=True):
        noise = 4 * math.sqrt(max(share * (1 - share), 0.002) / DRAWS)
        assert found[result] / DRAWS == pytest.approx(share, abs=noise + 0.01)


def test_a_prompt_without_passages_is_abstained_from_as_often_as_the_profile_does(
    reader: Reader,
) -> None:
    batch = reader.batch([Trial("closed_book", asked().question, ())])
    correct, wrong, abstained = batch.results(replace(CAREFUL, abstain_told=0.9))[0]
    assert (correct, wrong, abstained) == pytest.approx((0.0, 0.1, 0.9))


def test_prompts_in_a_batch_do_not_touch_each_other(reader: Reader) -> None:
    trials = [_trial(), Trial("gold_only", asked().question, (GOLD,))]
    together = reader.batch(trials).results(CAREFUL)
    alone = [reader.batch([each]).results(CAREFUL)[0] for each in trials]
    assert np.allclose(together, alone)
