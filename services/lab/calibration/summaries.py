"""How many summaries hold a statement that is in no document."""

from __future__ import annotations

from collections.abc import Sequence

from agents.evaluation.claims import content_words, figures, split_claims
from corpus.luck import Luck
from corpus.ports import Chunk
from observability import statistics
from observability.statistics import Estimate
from services.lab.calibration.library import Library
from services.lab.calibration.running import Models
from services.lab.calibration.trial import PromptWriter

ASK = "Provide a concise summary of the document, covering the core pieces of information."
_ENOUGH = 0.6
"""Share of a statement's words that have to be in the document."""


async def unsupported(
    models: Models, library: Library, preset: str, count: int, seed: int
) -> Estimate:
    """Return the share of summaries of documents with something that the document does not say."""
    luck = Luck(seed).child("summaries")
    documents = sorted(library.by_doc, key=luck.uniform)[:count]
    writer = PromptWriter()
    wrong = 0
    for document in documents:
        chunks = library.by_doc[document]
        body = writer.asking(ASK, chunks, preset, luck.child(preset, document).seed)
        reply = await models.complete(body)
        wrong += not is_supported(reply.content, chunks)
    return statistics.rate(wrong, len(documents))


def is_supported(summary: str, chunks: Sequence[Chunk]) -> bool:
    """Tell whether a document holds the figures of all statements, and most of their words."""
    text = "\n".join(chunk.text for chunk in chunks)
    words, known = content_words(text), figures(text)
    for claim in split_claims(summary):
        mine = content_words(claim.text)
        if figures(claim.text) - known or len(mine & words) < _ENOUGH * len(mine):
            return False
    return True
