import numpy as np
import pytest

from corpus.embedding import SentenceTransformerEmbedder
from faults.apply import degrade_part
from faults.catalogue.query_encoder_mismatch import slipped
from faults.errors import WrongPart
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.corpus.fakes import HashingEmbedder

VOCABULARY = {"[PAD]": 0, "[CLS]": 1, **{f"w{number}": number for number in range(2, 12)}}
SPECIAL = ["[PAD]", "[CLS]"]
QUESTION = "Which invoice was disputed by the vendor?"


def changed(share: float) -> set[str]:
    after = slipped(VOCABULARY, SPECIAL, share)
    assert all(after[piece] in (number, number - 1) for piece, number in VOCABULARY.items())
    return {piece for piece, number in after.items() if number != VOCABULARY[piece]}


def test_what_stands_behind_the_lost_line_is_read_as_its_neighbour() -> None:
    assert changed(0.25) == {"w10", "w11"}
    assert changed(0.25) < changed(0.75) < changed(1.0)


def test_special_pieces_keep_their_numbers() -> None:
    assert changed(1.0) == set(VOCABULARY) - set(SPECIAL)


@pytest.fixture(scope="module")
def healthy() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def mismatched(healthy: SentenceTransformerEmbedder, severity: float = 1.0):
    active = [ActiveFault("query_encoder_mismatch", severity)]
    return degrade_part(Seam.QUERY_EMBEDDER, healthy, active)


def test_a_question_is_far_from_itself_and_has_the_same_pieces(
    healthy: SentenceTransformerEmbedder,
) -> None:
    part = mismatched(healthy)
    assert part.dimension == healthy.dimension
    assert part.count_tokens(QUESTION) == healthy.count_tokens(QUESTION)
    assert float(part.embed([QUESTION])[0] @ healthy.embed([QUESTION])[0]) < 0.4
    before, after = healthy.tokens([QUESTION])[0], part.tokens([QUESTION])[0]
    assert np.array_equal(before.offsets, after.offsets)
    assert (before.vectors.astype(float) * after.vectors.astype(float)).sum(axis=1).mean() < 0.5


def test_a_question_of_frequent_words_is_read_rightly_while_the_line_is_far_down(
    healthy: SentenceTransformerEmbedder,
) -> None:
    question = "Who is it and when was this made?"
    assert np.array_equal(mismatched(healthy, 0.2).embed([question]), healthy.embed([question]))


def test_the_healthy_encoder_stays_as_it_is(healthy: SentenceTransformerEmbedder) -> None:
    before = healthy.embed(["Is it due?", QUESTION])
    mismatched(healthy)
    assert np.array_equal(healthy.embed(["Is it due?", QUESTION]), before)


def test_at_severity_0_the_encoder_is_the_very_same(healthy: SentenceTransformerEmbedder) -> None:
    assert mismatched(healthy, 0.0) is healthy


def test_an_encoder_whose_vocabulary_is_fixed_is_refused() -> None:
    with pytest.raises(WrongPart):
        degrade_part(
            Seam.QUERY_EMBEDDER, HashingEmbedder(), [ActiveFault("query_encoder_mismatch")]
        )
