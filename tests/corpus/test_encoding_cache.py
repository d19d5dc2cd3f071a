from pathlib import Path

import numpy as np
import pytest

from corpus.embedding import EncodedText
from corpus.encoding_cache import EncodingCache
from corpus.ports import TokenEmbeddings


def encoded(seed: int, tokens: int = 3) -> EncodedText:
    rng = np.random.default_rng(seed)
    return EncodedText(
        rng.standard_normal(4).astype(np.float32),
        TokenEmbeddings(
            rng.standard_normal((tokens, 4)).astype(np.float16),
            rng.integers(0, 9, size=(tokens, 2)).astype(np.int32),
        ),
    )


def same(one: EncodedText, other: EncodedText) -> bool:
    return (
        np.array_equal(one.vector, other.vector)
        and np.array_equal(one.tokens.vectors, other.tokens.vectors)
        and np.array_equal(one.tokens.offsets, other.tokens.offsets)
    )


def test_an_encoding_comes_back_bit_by_bit_and_to_another_process_too(tmp_path: Path) -> None:
    first, second = EncodingCache(tmp_path, "encoder"), EncodingCache(tmp_path, "encoder")
    first.add("a text", encoded(1))
    found = second.get("a text")
    assert found is not None
    assert same(found, encoded(1))
    assert found.vector.flags.writeable


def test_a_text_without_tokens_comes_back_too(tmp_path: Path) -> None:
    cache = EncodingCache(tmp_path, "encoder")
    cache.add("", encoded(1, tokens=0))
    found = cache.get("")
    assert found is not None
    assert found.tokens.vectors.shape == (0, 4)


def test_what_another_encoder_made_is_not_found(tmp_path: Path) -> None:
    EncodingCache(tmp_path, "encoder 1").add("a text", encoded(1))
    assert EncodingCache(tmp_path, "encoder 2").get("a text") is None


def test_the_oldest_go_when_there_are_too_many(tmp_path: Path) -> None:
    cache = EncodingCache(tmp_path, "encoder", limit_bytes=20_000)
    for number in range(1000):
        cache.add(f"text {number}", encoded(number))
    assert cache.get("text 0") is None
    assert cache.get("text 999") is not None


@pytest.mark.parametrize("content", [b"no database at all, but long enough to look like a file"])
def test_a_file_that_is_no_cache_is_as_good_as_none(tmp_path: Path, content: bytes) -> None:
    path = EncodingCache(tmp_path, "encoder").path
    for file in tmp_path.iterdir():
        file.unlink()
    path.write_bytes(content)
    cache = EncodingCache(tmp_path, "encoder")
    cache.add("a text", encoded(1))
    assert cache.get("a text") is None
    cache.close()
    assert cache.get("a text") is None
