"""Documents are cut every 80 characters, wherever that falls.

Mechanism: somebody set the splitter to 80 characters and took the structure of
the document for noise. A field is torn from its value, a condition from the
rule it belongs to, and no piece says any more which document it is from.
Severity is the share of documents that are cut so.
Taxonomy: RAGEC E1 (overchunking), FP7 (incomplete answers), and FP1 in effect.
A trace shows: passages of a few tokens, several passages of one document, a
small context, abstentions and incomplete answers.
Cannot show it: top-1 similarity, which *rises*, since a short piece is more
like a short question than a whole section is; latency; status codes.
"""

from __future__ import annotations

from dataclasses import dataclass

from corpus.ports import Chunk, Chunker, Document
from faults.base import PartFault, StandsIn, chosen_document
from faults.fault import Layer, Seam, Severity
from faults.pieces import cut_by_count

WIDTH = 80


@dataclass(frozen=True, slots=True)
class CutsEveryEightyCharacters(StandsIn):
    """Cuts its share of the documents blindly and leaves the others to the healthy chunker."""

    healthy: Chunker
    severity: Severity

    @property
    def fingerprint(self) -> str:
        return f"{self.healthy.fingerprint} characters={WIDTH} share={self.severity.value:g}"

    def chunk(self, document: Document) -> list[Chunk]:
        if not chosen_document("chunks_tiny", document.id, self.severity):
            return self.healthy.chunk(document)
        return cut_by_count(document, WIDTH, titled=False)


FAULT = PartFault(
    id="chunks_tiny",
    seam=Seam.CHUNKER,
    layer=Layer.DATA,
    summary="documents are cut every 80 characters, wherever that falls",
    taxonomy=("RAGEC E1", "FP1", "FP7"),
    shows_in=("tokens per passage", "passages per document", "context tokens", "abstentions"),
    blind=("top-1 similarity", "latency", "status codes"),
    excludes=("boundary_blind", "chunks_oversized"),
    find="Passages have some twenty tokens each and several are of one document, while "
    "abstentions rise and similarity does not fall; the index has many times the chunks.",
    fix="Give the splitter a size at which a chunk says something by itself, and index again.",
    wrap=CutsEveryEightyCharacters,
)
