import numpy as np
import pytest

from corpus.embedding import SinglePassEmbedder
from faults.apply import degrade_part
from faults.catalogue.partial_reindex import keep_the_first_layer
from faults.errors import WrongPart
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.corpus.fakes import HashingEmbedder
from tests.faults.encoders import VariableEmbedder

TEXTS = [f"passage {number}" for number in range(300)]
HEALTHY = VariableEmbedder().embed(TEXTS)


def encoder(severity: float = 1.0):
    active = [ActiveFault("partial_reindex", severity)]
    return degrade_part(Seam.INDEX_EMBEDDER, VariableEmbedder(), active)


def moved(severity: float) -> set[int]:
    vectors = encoder(severity).embed(TEXTS)
    assert all(np.array_equal(abs(vectors[n]), abs(HEALTHY[n])) for n in range(len(TEXTS)))
    return {n for n in range(len(TEXTS)) if not np.array_equal(vectors[n], HEALTHY[n])}


def test_up_to_half_of_the_vectors_are_the_other_encoders_and_none_comes_back() -> None:
    some, more = moved(0.4), moved(1.0)
    assert 40 < len(some) < 85
    assert 120 < len(more) < 180
    assert some < more


def test_token_embeddings_stay() -> None:
    expected = HashingEmbedder().tokens(TEXTS)
    for tokens, right in zip(encoder().tokens(TEXTS), expected, strict=True):
        assert np.array_equal(tokens.vectors, right.vectors)


def test_one_pass_gives_the_same_vectors_with_the_healthy_token_embeddings() -> None:
    part = encoder()
    assert isinstance(part, SinglePassEmbedder)
    found = dict(part.stream(TEXTS))
    assert np.array_equal([found[n].vector for n in range(len(TEXTS))], part.embed(TEXTS))
    tokens = HashingEmbedder().tokens(TEXTS[:9])
    assert all(np.array_equal(found[n].tokens.vectors, tokens[n].vectors) for n in range(9))


def test_only_the_moved_texts_are_encoded_by_the_other_encoder() -> None:
    part = encoder(0.4)
    part.embed(TEXTS)
    assert part._other.encoded == [TEXTS[n] for n in sorted(moved(0.4))]


def test_the_other_encoder_ends_after_its_first_layer() -> None:
    changed = VariableEmbedder()
    keep_the_first_layer(changed.model)
    assert changed.layers.layer == ["first"]


def test_the_index_has_another_name_at_each_severity() -> None:
    assert len({encoder(severity).fingerprint for severity in (0.0, 0.5, 1.0)}) == 3


def test_an_encoder_that_cannot_be_varied_is_refused() -> None:
    with pytest.raises(WrongPart):
        degrade_part(Seam.INDEX_EMBEDDER, HashingEmbedder(), [ActiveFault("partial_reindex")])
