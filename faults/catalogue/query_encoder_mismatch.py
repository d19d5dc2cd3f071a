"""Questions are encoded with another vocabulary than the documents were.

Mechanism: the servers that encode questions were given a vocabulary file that
lost a line when it was copied. The weights are right and the dimension is
right, but every word piece behind that line is looked up one place too early
and read as another word, in the vector and in the token embeddings that
reranking uses, which come out of the same pass. The index was built before and
is as it should be. Severity is the share of the vocabulary that lies behind
the lost line; special tokens have their numbers from elsewhere.
Taxonomy: OWASP LLM08 (vector and embedding weaknesses), RAGEC E4 in effect.
A trace shows: similarities of the vector query that fall to those of unrelated
texts, a top-1 similarity as low, passages that have nothing to do with the
question, abstentions.
Cannot show it: the number of tokens and of rows, which stay; the dimension;
latency; status codes.
"""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, Any

from faults.base import PartFault
from faults.errors import WrongPart
from faults.fault import Layer, Seam, Severity

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from sentence_transformers import SentenceTransformer


def mismatch(encoder: Any, severity: Severity) -> Any:
    """Return the encoder with a vocabulary that lost a line."""
    if not hasattr(encoder, "varied"):
        raise WrongPart("query_encoder_mismatch needs an encoder whose vocabulary can be changed")
    share = severity.value
    return encoder.varied(f"vocabulary={share:g}", partial(_lose_a_line, share=share))


def slipped(
    vocabulary: Mapping[str, int], special: Collection[str], share: float
) -> dict[str, int]:
    """Return a vocabulary with the last ``share`` of its pieces one place too early."""
    line = round((1.0 - share) * len(vocabulary))
    return {
        piece: number if piece in special or number <= line else number - 1
        for piece, number in vocabulary.items()
    }


def _lose_a_line(model: SentenceTransformer, share: float) -> None:
    from tokenizers import Tokenizer  # noqa: PLC0415 - imported with the encoder

    tokenizer: Any = model.tokenizer
    backend = tokenizer.backend_tokenizer
    parts = json.loads(backend.to_str())
    vocabulary = parts["model"]["vocab"]
    if not isinstance(vocabulary, dict):
        raise WrongPart("query_encoder_mismatch needs an encoder with a vocabulary of word pieces")
    parts["model"]["vocab"] = slipped(vocabulary, tokenizer.all_special_tokens, share)
    backend.model = Tokenizer.from_str(json.dumps(parts)).model


FAULT = PartFault(
    id="query_encoder_mismatch",
    seam=Seam.QUERY_EMBEDDER,
    layer=Layer.DATA,
    summary="questions are encoded with a vocabulary that has slipped by one line",
    taxonomy=("OWASP LLM08", "RAGEC E4"),
    shows_in=("scores of the vector query", "top-1 similarity", "rerank scores", "abstentions"),
    blind=("rows returned", "tokens of the question", "latency", "status codes"),
    find="The scores of the vector query fall to the level of unrelated texts for every "
    "question at once, while filter, rows and index size stay. Encode a passage of the index as "
    "a question: it should find itself with a similarity of 1.",
    fix="Ship weights and vocabulary as one artefact with one checksum, and refuse to serve an "
    "index that was built with another.",
    wrap=mismatch,
)
