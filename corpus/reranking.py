"""Rerankers: late interaction on the encoder's own token embeddings, or a cross-encoder."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from corpus.errors import EncoderError
from corpus.lexical_words import words, words_at
from corpus.ports import Chunk, Passage, Query, TokenEmbeddings, TokenSource, Vector

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder

_STOP_WEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class WordWeights:
    """How much a word of a question counts: its inverse document frequency.

    ``frequency`` is the number of chunks with the word, ``chunks`` how many
    there are. A word that no chunk has counts as one of middling rarity: it
    can still be met by meaning, but it must not outweigh all the others.
    """

    frequency: Mapping[str, int]
    chunks: int

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> WordWeights:
        """Count the words of a collection."""
        frequency: dict[str, int] = {}
        count = 0
        for chunk in chunks:
            count += 1
            for word in set(words(chunk.text)):
                frequency[word] = frequency.get(word, 0) + 1
        return cls(frequency, count)

    def weight(self, word: str) -> float:
        """Return ln(1 + chunks / frequency)."""
        seen = self.frequency.get(word) or math.sqrt(self.chunks + 1.0)
        return math.log(1.0 + self.chunks / seen)

    def of_pieces(self, text: str, tokens: TokenEmbeddings) -> Vector:
        """Return one weight per word piece of a text, summing to 1, shape (tokens,).

        The pieces of one word share its weight, so that an identifier of ten
        pieces counts as one word does.
        """
        weights = np.zeros(len(tokens.offsets), dtype=np.float32)
        starts = tokens.offsets[:, 0]
        covered = np.zeros(len(starts), dtype=np.bool_)
        for word, begin, end in words_at(text):
            inside = (starts >= begin) & (starts < end)
            pieces = int(inside.sum())
            if pieces:
                # Its square root: more pieces say more, but not in proportion.
                weights[inside] = self.weight(word) / math.sqrt(pieces)
                covered |= inside
        weights[~covered] = _STOP_WEIGHT
        total = float(weights.sum())
        return weights / total if total else weights


class LateInteractionReranker:
    """Scores a passage by how well its words meet each word of the question.

    For every word piece of the question the best cosine among the passage's
    word pieces is taken, and these are averaged with the question's word
    weights (ColBERT's MaxSim, Khattab and Zaharia 2020, weighted). To this the
    fused score of the search is added with weight ``prior``, which settles
    what late interaction leaves open. Scores lie between -1 and 1 + prior.
    """

    name = "late-interaction"

    def __init__(
        self,
        tokens: TokenSource,
        weights: WordWeights,
        *,
        prior: float = 0.1,
        questions: TokenSource | None = None,
    ) -> None:
        """Take the token embeddings of passages from ``tokens``, of questions from ``questions``.

        Without a source for questions they come from that of the passages.
        """
        self._tokens = tokens
        self._weights = weights
        self._prior = prior
        self._questions = questions or tokens

    def asked_with(self, questions: TokenSource) -> LateInteractionReranker:
        """Return the same reranker for questions that another encoder reads."""
        return LateInteractionReranker(
            self._tokens, self._weights, prior=self._prior, questions=questions
        )

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        if not passages:
            return []
        asked = self._questions.tokens([query.text])[0]
        if len(asked.vectors) == 0:
            return list(passages)
        question = asked.vectors.astype(np.float32)
        weights = self._weights.of_pieces(query.text, asked)
        found = self._tokens.tokens([passage.chunk.text for passage in passages])
        scored = [
            replace(
                passage,
                score=_max_sim(question, weights, tokens) + self._prior * passage.fused,
            )
            for passage, tokens in zip(passages, found, strict=True)
        ]
        # A stable sort: of equal scores the one that the search put first stays first.
        return sorted(scored, key=lambda passage: -passage.score)


class CrossEncoderReranker:
    """Scores passages by a sentence-transformers cross-encoder, loaded at its first use.

    ``model`` is a folder or a name on the model hub. Raises ``EncoderError``
    at first use if it cannot be loaded.
    """

    def __init__(self, model: str, *, batch_size: int = 32) -> None:
        self.name = model
        self._batch_size = batch_size
        self._model: CrossEncoder | None = None

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        if not passages:
            return []
        pairs: Any = [(query.text, passage.chunk.text) for passage in passages]
        scores = self._loaded().predict(pairs, batch_size=self._batch_size, show_progress_bar=False)
        scored = [
            replace(passage, score=float(score))
            for passage, score in zip(passages, scores, strict=True)
        ]
        return sorted(scored, key=lambda passage: -passage.score)

    def _loaded(self) -> CrossEncoder:
        if self._model is None:
            from sentence_transformers import CrossEncoder  # noqa: PLC0415 - seconds of import

            try:
                self._model = CrossEncoder(self.name, device="cpu")
            except (OSError, ValueError) as error:
                raise EncoderError(
                    f"the cross-encoder {self.name!r} cannot be loaded: {error}"
                ) from error
        return self._model


def _max_sim(question: Vector, weights: Vector, passage: TokenEmbeddings) -> float:
    if len(passage.vectors) == 0:
        return 0.0
    similarities = question @ passage.vectors.astype(np.float32).T
    return float(weights @ similarities.max(axis=1))
