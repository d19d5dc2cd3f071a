from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from corpus.errors import CorruptIndexError
from corpus.token_store import VECTORS, TokenStore, TokenTable, TokenTableWriter
from tests.corpus.fakes import DIMENSION, HashingEmbedder


def write(folder: Path, *texts: str) -> None:
    embedder = HashingEmbedder()
    with TokenTableWriter(folder) as table:
        for text, tokens in zip(texts, embedder.tokens(texts), strict=True):
            table.add(text, tokens)


def test_a_table_gives_back_what_was_written(tmp_path: Path) -> None:
    write(tmp_path, "one two", "three", "one two")
    table = TokenTable(tmp_path, DIMENSION)
    expected = HashingEmbedder().tokens(["three"])[0]

    found = table.get("three")

    assert len(table) == 2
    assert found is not None
    assert np.array_equal(found.vectors, expected.vectors)
    assert np.array_equal(found.offsets, expected.offsets)
    assert table.get("four") is None


def test_a_text_in_a_table_is_not_encoded_again(tmp_path: Path) -> None:
    write(tmp_path, "one two")
    embedder = HashingEmbedder()
    store = TokenStore(embedder, [TokenTable(tmp_path, DIMENSION)])

    store.tokens(["one two", "new", "new"])

    assert embedder.encoded == ["new"]


def test_the_memory_of_encoded_texts_is_bounded() -> None:
    embedder = HashingEmbedder()
    store = TokenStore(embedder, cached_tokens=4)

    store.tokens(["a b", "c d", "e f", "a b"])

    assert embedder.encoded == ["a b", "c d", "e f", "a b"]


def test_a_cut_off_table_is_called_damaged(tmp_path: Path) -> None:
    write(tmp_path, "one two three")
    path = tmp_path / VECTORS
    path.write_bytes(path.read_bytes()[:-2])

    with pytest.raises(CorruptIndexError, match="build the index again"):
        TokenTable(tmp_path, DIMENSION)
