from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.known_texts import KnowingEmbedder, KnownTexts
from corpus.ports import Chunk
from corpus.token_store import TokenTable, TokenTableWriter
from tests.corpus.fakes import DIMENSION, HashingEmbedder

KNOWN = ["the fee is 4 EUR", "the canteen opens at noon"]
NEW = "nobody asked for this"


@pytest.fixture
def known(tmp_path: Path) -> KnownTexts:
    encoder = HashingEmbedder()
    with TokenTableWriter(tmp_path) as table:
        for text, tokens in zip(KNOWN, encoder.tokens(KNOWN), strict=True):
            table.add(text, tokens)
    chunks = [Chunk(text, text, "", "", text, 0, 0, 0) for text in KNOWN]
    return KnownTexts(chunks, encoder.embed(KNOWN), TokenTable(tmp_path, DIMENSION))


def test_only_what_is_not_known_is_encoded(known: KnownTexts) -> None:
    encoder = HashingEmbedder()

    found = KnowingEmbedder(encoder, known).tokens([KNOWN[1], NEW, KNOWN[0]])

    assert encoder.encoded == [NEW]
    for tokens, expected in zip(found, encoder.tokens([KNOWN[1], NEW, KNOWN[0]]), strict=True):
        assert np.array_equal(tokens.vectors, expected.vectors)
        assert np.array_equal(tokens.offsets, expected.offsets)


def test_vectors_are_those_of_the_encoder(known: KnownTexts) -> None:
    texts = [NEW, *KNOWN]

    found = KnowingEmbedder(HashingEmbedder(), known).embed(texts)

    assert np.array_equal(found, HashingEmbedder().embed(texts))


def test_what_is_asked_beyond_the_protocol_is_the_encoders(known: KnownTexts) -> None:
    encoder = HashingEmbedder()

    assert KnowingEmbedder(encoder, known).encoded is encoder.encoded


def test_other_token_embeddings_of_a_known_text_are_not_held(known: KnownTexts) -> None:
    right, other = HashingEmbedder().tokens([KNOWN[0], KNOWN[1]])

    assert known.holds(KNOWN[0], right)
    assert not known.holds(KNOWN[0], other)
    assert not known.holds(NEW, right)
