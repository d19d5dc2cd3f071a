"""Documents are cut at a fixed length, through fields, tables and sentences.

Mechanism: the splitter that follows sections was exchanged for one that counts,
with a window of 250 characters and no overlap. Each piece still opens with its
document's title. What a cut goes through is in no piece as a whole: a label
stands at the end of one and its value at the beginning of the next, an amount
loses its last digits, the rows of a table lose their header, a condition is
parted from the rule. Severity is the share of documents that are cut so.
Taxonomy: RAGEC E3 (context mismatch), FP4 (not extracted), FP7
(incomplete answers).
A trace shows: passages of one length that begin and end within a word, several
neighbours of one document in the top k, more chunks in the index, incomplete
answers and abstentions.
Cannot show it: top-1 similarity, which hardly moves, since a piece with the
right label is found; latency; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.ports import Chunk, Chunker, Document
from faults.base import PartFault, StandsIn, chosen_document
from faults.fault import Layer, Seam, Severity
from faults.pieces import cut_by_count

WINDOW = 250
"""Characters of a piece, without the title above it."""


@dataclass(frozen=True, slots=True)
class CutsByCount(StandsIn):
    """Cuts its share of the documents by count and leaves the others to the healthy chunker."""

    healthy: Chunker
    severity: Severity

    @property
    def fingerprint(self) -> str:
        return f"{self.healthy.fingerprint} window={WINDOW} share={self.severity.value:g}"

    def chunk(self, document: Document) -> list[Chunk]:
        if not chosen_document("boundary_blind", document.id, self.severity):
            return self.healthy.chunk(document)
        return cut_by_count(document, WINDOW, titled=True)


FAULT = PartFault(
    id="boundary_blind",
    seam=Seam.CHUNKER,
    layer=Layer.DATA,
    summary="documents are cut every 250 characters, through fields, tables and sentences",
    taxonomy=("RAGEC E3", "FP4", "FP7"),
    shows_in=("tokens per passage", "passages per document", "index size", "abstentions"),
    blind=("top-1 similarity", "latency", "status codes"),
    find="Passages all have the same length and begin and end in the middle of words; where an "
    "answer is incomplete, its missing half stands in the neighbouring chunk.",
    fix="Cut where the document has its own boundaries, or let pieces overlap, and index again.",
    wrap=CutsByCount,
)
