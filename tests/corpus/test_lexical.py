from __future__ import annotations

from corpus.lexical import Bm25Index
from corpus.lexical_words import words
from corpus.metadata import MetadataTable, indexed_metadata
from corpus.ports import Chunk


def chunk(name: str, text: str, **metadata: str) -> Chunk:
    return Chunk(name, name, name, "", text, 0, 0, len(text), metadata)


def index(*chunks: Chunk) -> Bm25Index:
    return Bm25Index(chunks, MetadataTable(indexed_metadata(chunks)))


def test_an_identifier_stays_one_word_in_any_case() -> None:
    assert words("Is inv-2026-0133 paid?") == ["inv-2026-0133", "paid"]


def test_a_compound_without_digits_gives_its_parts_too() -> None:
    assert words("three-way match") == ["three-way", "three", "way", "match"]


def test_an_amount_stays_one_word() -> None:
    assert words("1,234.50 EUR") == ["1,234.50", "eur"]


def test_the_document_with_the_asked_identifier_comes_first() -> None:
    found = index(
        chunk("a", "Invoice INV-2026-0133 total"), chunk("b", "Invoice INV-2026-0134 total")
    )

    assert [hit.chunk.id for hit in found.search("total of INV-2026-0134", 2, None)] == ["b", "a"]


def test_a_predicate_keeps_other_chunks_out() -> None:
    found = index(
        chunk("a", "payment terms", vendor_id="V-1"), chunk("b", "payment terms", vendor_id="V-2")
    )

    assert [hit.chunk.id for hit in found.search("payment terms", 9, {"vendor_id": "V-2"})] == ["b"]


def test_words_that_no_chunk_has_find_nothing() -> None:
    assert index(chunk("a", "payment terms")).search("zebra", 5, None) == []
