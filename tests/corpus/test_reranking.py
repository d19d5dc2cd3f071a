from __future__ import annotations

from collections.abc import Sequence

import pytest

from corpus.ports import Chunk, Passage, Query, TokenEmbeddings
from corpus.reranking import LateInteractionReranker, WordWeights
from corpus.token_store import TokenStore
from tests.corpus.fakes import HashingEmbedder

TEXTS = ["the parking fee is 4 EUR", "the canteen opens at noon", "the fee of the canteen"]


def passages() -> list[Passage]:
    return [
        Passage(Chunk(f"c{i}", f"c{i}", "", "", text, 0, 0, 0), 0.0, 0.0)
        for i, text in enumerate(TEXTS)
    ]


def reranker() -> LateInteractionReranker:
    weights = WordWeights.of([passage.chunk for passage in passages()])
    return LateInteractionReranker(TokenStore(HashingEmbedder()), weights)


def test_the_passage_that_meets_all_words_comes_first() -> None:
    ranked = reranker().rerank(Query("What is the parking fee?"), passages())

    assert ranked[0].chunk.text == TEXTS[0]
    assert ranked[0].score > ranked[1].score


def test_every_passage_comes_back() -> None:
    ranked = reranker().rerank(Query("canteen"), passages())

    assert {passage.chunk.id for passage in ranked} == {"c0", "c1", "c2"}


def test_nothing_to_rank_is_no_error() -> None:
    assert reranker().rerank(Query("canteen"), []) == []


def test_a_rare_word_weighs_more_than_a_frequent_one() -> None:
    weights = WordWeights.of([passage.chunk for passage in passages()])

    assert weights.weight("parking") > weights.weight("fee")


def test_a_word_in_many_pieces_does_not_outweigh_the_others() -> None:
    embedder = HashingEmbedder()
    text = "fee INV-2026-0001-77-88"
    weights = WordWeights({}, 100).of_pieces(text, embedder.tokens([text])[0])

    assert weights.sum() == pytest.approx(1.0)
    assert weights[0] == max(weights)


def test_questions_may_be_read_by_another_encoder() -> None:
    class Deaf(HashingEmbedder):
        """Reads every text as the same word."""

        def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
            return super().tokens(["noon" for _ in texts])

    ranked = reranker().asked_with(Deaf()).rerank(Query("What is the parking fee?"), passages())

    assert ranked[0].chunk.text == TEXTS[1]
