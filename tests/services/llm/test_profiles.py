"""What the parameters of a profile do, one by one."""

from dataclasses import replace

import pytest

from corpus.luck import Luck
from services.llm.attention import Attention, glance, weigh
from services.llm.errors import UnknownModel
from services.llm.profiles import Catalogue, Profile, find_profile, shipped
from services.llm.prompt import Block, Prompt
from services.llm.reading import ReadingRoom
from services.llm.simulator import Completion, Simulator
from services.llm.wire import ChatCompletionRequest
from tests.corpus.fakes import HashingEmbedder

CAREFUL = find_profile("sim-careful")
PLAIN = replace(CAREFUL, primacy=0.0, recency=0.0, length_penalty=0.0)
SURE = replace(CAREFUL, nothing_bias=-50.0)
"""Never takes a prompt for one without an answer."""
BLOCKS = tuple(
    Block(f"D{n}", f"Note {n}", f"Parcel {n}\nWeight: {n} kg\nSender: Depot {n}")
    for n in range(1, 7)
)


def _attention(profile: Profile, tokens: int = 100, question_first: bool = False) -> Attention:
    prompt = replace(Prompt.of("What is the weight?", BLOCKS), question_first=question_first)
    seen, raw, nothing = glance(ReadingRoom(HashingEmbedder()), prompt)
    return weigh(seen, raw, nothing, profile, tokens, prompt)


def _say(profile: Profile, seed: int = 1) -> Completion:
    embedder = HashingEmbedder()
    content = (
        '<document id="D1" title="Parcel 7">\nWeight: 12 kg\nHeight: 80 cm\nSender: Depot\n'
        "</document>\nQuestion: What is the weight of the parcel?"
    )
    request = ChatCompletionRequest.model_validate(
        {"model": "sim-careful", "messages": [{"role": "user", "content": content}]}
    )
    return Simulator(embedder, embedder).complete(request, profile, Luck(seed))


@pytest.mark.parametrize(
    "name",
    [
        *("position_passages", "length_blur", "question_first_blur", "slip"),
        *("verbosity", "embellishment", "serving_noise"),
    ],
)
def test_what_makes_a_model_worse_is_off_for_the_careful_one(name: str) -> None:
    assert getattr(CAREFUL, name) == 0


def test_a_successor_stands_beside_the_snapshot_that_the_alias_means() -> None:
    assert find_profile("sim-careful").name == "sim-careful-2026-03"
    assert find_profile("sim-careful-2026-06").created > find_profile("sim-careful").created


def test_length_blurs_from_the_effective_context_on() -> None:
    profile = replace(PLAIN, effective_context=1000, length_blur=0.5)
    sharp, blurred = _attention(profile, 1000), _attention(profile, 4000)
    assert sharp.temperature == pytest.approx(PLAIN.temperature)
    assert blurred.temperature == pytest.approx(2.0 * PLAIN.temperature)
    assert blurred.shares.max() < sharp.shares.max()


def test_a_question_that_stands_first_blurs_with_the_length_that_follows() -> None:
    profile = replace(PLAIN, question_first_blur=0.5, question_first_penalty=0.0)
    assert _attention(profile, 2000).temperature == pytest.approx(PLAIN.temperature)
    asked_first = _attention(profile, 2000, question_first=True)
    assert asked_first.temperature == pytest.approx(2.0 * PLAIN.temperature)


def test_primacy_counted_in_passages_lifts_a_whole_passage() -> None:
    lifted = _attention(replace(PLAIN, primacy=2.0, position_passages=1.0))
    plain = _attention(PLAIN)
    gains = lifted.logits - plain.logits
    first = [i for i, place in enumerate(lifted.places) if place.block == 0]
    second = [i for i, place in enumerate(lifted.places) if place.block == 1]
    assert gains[first] == pytest.approx(2.0)
    assert gains[second] == pytest.approx(2.0 / 2.718281828)


def test_a_slip_reads_another_line_of_the_same_passage() -> None:
    assert _say(SURE).content == "The weight is 12 kg."
    slipped = _say(replace(SURE, slip=1.0)).content
    assert slipped.startswith(("The height", "The sender"))


def test_a_verbose_model_says_more_than_it_is_asked() -> None:
    brief, wordy = _say(SURE).content, _say(replace(SURE, verbosity=1.0)).content
    assert brief in wordy
    assert len(wordy) > len(brief)


def test_a_catalogue_can_be_given_further_profiles() -> None:
    other = replace(CAREFUL, name="sim-other", alias=None)
    offered = shipped().with_profiles(other)
    assert offered.find("sim-other") is other
    assert offered.find("sim-careful") == CAREFUL
    with pytest.raises(UnknownModel):
        shipped().find("sim-other")


def test_an_unknown_parameter_is_refused() -> None:
    with pytest.raises(ValueError, match="wit"):
        Catalogue.from_yaml("defaults: {}\nprofiles:\n  sim-x:\n    wit: 3\n")
