"""The encoder: sentence vectors and token embeddings of a text from one forward pass."""

from __future__ import annotations

import copy
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

import numpy as np

from corpus.encoder_weights import (
    SHIPPED_DIMENSION,
    SHIPPED_MODEL,
    weights_digest,
    weights_folder,
)
from corpus.errors import EncoderError
from corpus.ports import TokenEmbeddings, Vector

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

_COUNTED_TEXTS = 4_096
"""Texts whose numbers of tokens are remembered, as passages are counted again and again."""
_COUNTED_CHARACTERS = 4_000


@dataclass(frozen=True, slots=True)
class EncodedText:
    """What one forward pass makes of a text: ``vector`` has shape (dimension,)."""

    vector: Vector
    tokens: TokenEmbeddings


@runtime_checkable
class SinglePassEmbedder(Protocol):
    """An embedder whose vectors and token embeddings come out of the same forward pass."""

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, EncodedText]]:
        """Yield (position in ``texts``, encoding) of every text, in the order of encoding."""
        ...


class Encodings(Protocol):
    """Keeps encodings of texts that were encoded alone."""

    def get(self, text: str) -> EncodedText | None:
        """Return a text's encoding, or None."""
        ...

    def add(self, text: str, encoded: EncodedText) -> None:
        """Keep a text's encoding."""
        ...


class SentenceTransformerEmbedder:
    """A sentence-transformers model on the CPU, loaded at its first use.

    ``model`` is the name of the shipped model, a folder, or a name on the
    model hub. ``threads`` is torch's thread count for the whole process: sums
    are split by it, so that it is part of what decides a vector's last bits.
    Batches are composed from the set of texts alone, by length and then by
    text, never from the order in which they came. ``shared`` is looked into
    before a text is encoded alone, and told of what was encoded.

    Raises ``EncoderError`` at first use if the weights are missing or are not
    the ones expected.
    """

    def __init__(
        self,
        model: str = SHIPPED_MODEL,
        *,
        threads: int = 1,
        batch_size: int = 32,
        cached_texts: int = 128,
        shared: Encodings | None = None,
    ) -> None:
        self._name = model
        self._threads = threads
        self._batch_size = batch_size
        self._cached_texts = cached_texts
        self._shared = shared
        self._cache: OrderedDict[str, EncodedText] = OrderedDict()
        self._model: SentenceTransformer | None = None
        self._counter: Any = None
        self._counts: OrderedDict[str, int] = OrderedDict()
        self._fingerprint: str | None = None

    @property
    def name(self) -> str:
        """The model's name, as telemetry shows it."""
        return Path(self._name).name if Path(self._name).is_dir() else self._name

    @property
    def fingerprint(self) -> str:
        if self._fingerprint is None:
            self._fingerprint = f"{self.name}@{weights_digest(self._name)[:16]}"
        return self._fingerprint

    def varied(
        self, name: str, change: Callable[[SentenceTransformer], None]
    ) -> SentenceTransformerEmbedder:
        """Return an embedder over a changed copy of the model, which shares the weights.

        ``name`` tells the variant from the model in the fingerprint.
        """
        model = self._loaded()
        weights = {id(tensor): tensor for tensor in (*model.parameters(), *model.buffers())}
        other = SentenceTransformerEmbedder(
            self._name,
            threads=self._threads,
            batch_size=self._batch_size,
            cached_texts=self._cached_texts,
        )
        other._fingerprint = f"{self.fingerprint} {name}"
        other._model = copy.deepcopy(model, weights)
        change(other._model)
        return other

    @property
    def dimension(self) -> int:
        if self._name == SHIPPED_MODEL:
            return SHIPPED_DIMENSION
        return int(self._loaded().get_embedding_dimension() or 0)

    @property
    def max_tokens(self) -> int:
        # The model's limit counts the opening and the closing special token.
        return self._limit() - 2

    def count_tokens(self, text: str) -> int:
        known = self._counts.get(text)
        if known is not None:
            self._counts.move_to_end(text)
            return known
        count = self._counted(text)
        if len(text) <= _COUNTED_CHARACTERS:
            self._counts[text] = count
            if len(self._counts) > _COUNTED_TEXTS:
                self._counts.popitem(last=False)
        return count

    def _counted(self, text: str) -> int:
        if self._counter is None:
            # A copy without the truncation and padding that encoding a batch leaves set.
            backend: Any = self._loaded().tokenizer.backend_tokenizer
            self._counter = type(backend).from_str(backend.to_str())
            self._counter.no_truncation()
            self._counter.no_padding()
        return len(self._counter.encode(text, add_special_tokens=False))

    def embed(self, texts: Sequence[str]) -> Vector:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for position, encoded in self.stream(texts):
            vectors[position] = encoded.vector
        return vectors

    def tokens(self, texts: Sequence[str]) -> list[TokenEmbeddings]:
        found: dict[int, TokenEmbeddings] = {
            position: encoded.tokens for position, encoded in self.stream(texts)
        }
        return [found[position] for position in range(len(texts))]

    def encode(self, text: str) -> EncodedText:
        """Return vector and token embeddings of one text, encoded alone and remembered."""
        found = self._cache.get(text)
        if found is None:
            found = self._alone(text)
            self._cache[text] = found
            if len(self._cache) > self._cached_texts:
                self._cache.popitem(last=False)
        else:
            self._cache.move_to_end(text)
        return found

    def _alone(self, text: str) -> EncodedText:
        if self._shared is None:
            return self._forward([text])[0]
        found = self._shared.get(text)
        if found is None:
            found = self._forward([text])[0]
            self._shared.add(text, found)
        return found

    def stream(self, texts: Sequence[str]) -> Iterator[tuple[int, EncodedText]]:
        """Yield (position in ``texts``, encoding) of every text, longest batches first.

        One text alone goes through the cache of ``encode``.
        """
        if len(texts) == 1:
            yield 0, self.encode(texts[0])
            return
        positions: dict[str, list[int]] = {}
        for position, text in enumerate(texts):
            positions.setdefault(text, []).append(position)
        ordered = self._by_length(list(positions))
        for start in range(0, len(ordered), self._batch_size):
            batch = ordered[start : start + self._batch_size]
            for text, encoded in zip(batch, self._forward(batch), strict=True):
                for position in positions[text]:
                    yield position, encoded

    def _by_length(self, texts: list[str]) -> list[str]:
        if not texts:
            return []
        tokenizer: Any = self._loaded().tokenizer
        lengths = [
            len(ids)
            for ids in tokenizer(texts, truncation=True, max_length=self._limit()).input_ids
        ]
        order = sorted(range(len(texts)), key=lambda i: (-lengths[i], texts[i]))
        return [texts[i] for i in order]

    def _forward(self, batch: Sequence[str]) -> list[EncodedText]:
        import torch  # noqa: PLC0415 - seconds of import, paid at first use

        model = self._loaded()
        tokenizer: Any = model.tokenizer
        features = dict(
            tokenizer(
                list(batch),
                padding=True,
                truncation=True,
                max_length=self._limit(),
                return_tensors="pt",
                return_offsets_mapping=True,
                return_special_tokens_mask=True,
            )
        )
        offsets = features.pop("offset_mapping").numpy()
        words = features.pop("special_tokens_mask").numpy() == 0
        with torch.inference_mode():
            output = model(features)
            pooled = output["sentence_embedding"]
            if not torch.allclose(pooled.norm(dim=-1), torch.ones(len(batch)), atol=1e-4):
                # Some models end without normalising; one that did is left bit by bit as it is.
                pooled = torch.nn.functional.normalize(pooled, dim=-1)
            pieces = (
                torch.nn.functional.normalize(output["token_embeddings"], dim=-1).half().numpy()
            )
        return [
            EncodedText(
                vector=pooled[row].numpy().astype(np.float32, copy=True),
                tokens=TokenEmbeddings(
                    vectors=pieces[row][words[row]],
                    offsets=offsets[row][words[row]].astype(np.int32),
                ),
            )
            for row in range(len(batch))
        ]

    def _limit(self) -> int:
        return int(self._loaded().max_seq_length or 512)

    def _loaded(self) -> SentenceTransformer:
        if self._model is None:
            _ = self.fingerprint  # checks the weights before they are read
            import torch  # noqa: PLC0415 - seconds of import, paid at first use
            from sentence_transformers import SentenceTransformer  # noqa: PLC0415
            from threadpoolctl import threadpool_limits  # noqa: PLC0415
            from transformers.utils import logging  # noqa: PLC0415

            torch.set_num_threads(self._threads)
            threadpool_limits(self._threads)  # numpy's, which reranking uses
            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            folder = weights_folder(self._name)
            try:
                self._model = SentenceTransformer(
                    str(folder) if folder else self._name, device="cpu"
                ).eval()
            except (OSError, ValueError) as error:
                raise EncoderError(
                    f"the encoder {self._name!r} cannot be loaded: {error}"
                ) from error
        return self._model
