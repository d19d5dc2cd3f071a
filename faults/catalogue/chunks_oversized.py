"""Each document becomes one chunk, however long it is.

Mechanism: somebody turned the splitter off, or set its size in characters
where it counts tokens. The encoder reads the first 256 word pieces of a chunk
and ignores the rest in silence, so what stands further down can no longer be
found by meaning; and what is found fills the context, so that fewer documents
fit and the model reads much that was not asked for. Severity is the share of
documents that stay whole.
Taxonomy: RAGEC E2 (underchunking), FP3 (not in context), FP4 (not extracted).
A trace shows: tokens per passage, one passage per document, context tokens at
the budget, passages that were offered and not kept, input tokens and cost.
Cannot show it: groundedness, which stays; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.ports import Chunk, Chunker, Document
from faults.base import PartFault, StandsIn, chosen_document
from faults.fault import Layer, Seam, Severity
from faults.pieces import cut_by_count


@dataclass(frozen=True, slots=True)
class KeepsDocumentsWhole(StandsIn):
    """Leaves its share of the documents uncut and hands the others to the healthy chunker."""

    healthy: Chunker
    severity: Severity

    @property
    def fingerprint(self) -> str:
        return f"{self.healthy.fingerprint} whole share={self.severity.value:g}"

    def chunk(self, document: Document) -> list[Chunk]:
        if not chosen_document("chunks_oversized", document.id, self.severity):
            return self.healthy.chunk(document)
        return cut_by_count(document, max(len(document.text), 1), titled=True)


FAULT = PartFault(
    id="chunks_oversized",
    seam=Seam.CHUNKER,
    layer=Layer.DATA,
    summary="each document is one chunk, and the encoder reads only its first 256 tokens",
    taxonomy=("RAGEC E2", "FP3", "FP4"),
    shows_in=("tokens per passage", "context tokens", "passages kept", "input tokens", "cost"),
    blind=("groundedness", "status codes"),
    excludes=("boundary_blind",),
    find="Passages have more tokens than the encoder reads, each document has one chunk, and "
    "the context is at its budget with passages left out.",
    fix="Let the splitter count the encoder's own tokens and keep below its limit, and index "
    "again.",
    wrap=KeepsDocumentsWhole,
)
