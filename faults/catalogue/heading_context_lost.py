"""Chunks no longer say which document and section they are from.

Mechanism: a change of the splitter dropped the line that opens each chunk with
the title of its document and the path of its headings, and the title and
section beside it. A paragraph of an agreement then reads like the same
paragraph of every other agreement: neither the vector nor the words nor the
reader can tell whose it is. Severity is the share of documents that are
indexed so.
Taxonomy: RAGEC E3 (context mismatch), FP2, FP4 (not extracted).
A trace shows: passages without title and section, shorter ones, lower
similarities, the entity asked for missing from the passages, abstentions.
Cannot show it: index size and rows; latency; status codes; groundedness, since
an answer from the wrong paragraph is faithful to it.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from corpus.ports import Chunk, Chunker, Document
from faults.base import PartFault, StandsIn, chosen_document
from faults.fault import Layer, Seam, Severity


@dataclass(frozen=True, slots=True)
class DropsTheHeadings(StandsIn):
    """Takes title, section and heading line off the chunks of its share of the documents."""

    healthy: Chunker
    severity: Severity

    @property
    def fingerprint(self) -> str:
        return f"{self.healthy.fingerprint} headless share={self.severity.value:g}"

    def chunk(self, document: Document) -> list[Chunk]:
        chunks = self.healthy.chunk(document)
        if not chosen_document("heading_context_lost", document.id, self.severity):
            return chunks
        return [
            replace(chunk, title="", section="", text=_without_heading(chunk)) for chunk in chunks
        ]


def _without_heading(chunk: Chunk) -> str:
    heading = " > ".join(part for part in (chunk.title, chunk.section) if part)
    body = chunk.text.removeprefix(heading).lstrip("\n")
    # A chunk that is nothing but a heading stays, since a chunk has some text.
    return body or chunk.text


FAULT = PartFault(
    id="heading_context_lost",
    seam=Seam.CHUNKER,
    layer=Layer.DATA,
    summary="chunks no longer carry the title and the headings that they stand under",
    taxonomy=("RAGEC E3", "FP2", "FP4"),
    shows_in=("titles of passages", "tokens per passage", "top-1 similarity", "abstentions"),
    blind=("index size", "rows returned", "groundedness", "latency", "status codes"),
    find="The passages of a trace have no title, and their texts do not name the vendor or rule "
    "that the question is about; similarity is lower than for the same passages last week.",
    fix="Open each chunk with its title and headings again and index anew; check in the splitter's "
    "tests that a chunk read alone says what it is about.",
    wrap=DropsTheHeadings,
)
