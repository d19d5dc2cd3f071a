"""Part of an ingest is lost, and nobody is told.

Mechanism: a re-index job reads the archive in batches and skips the batches
that it could not fetch; it logs a warning, exits with 0 and swaps the new
index in. Which documents are lost has to do with the batch they were in and
not with what they say. Severity scales the share that is lost, up to six
documents in ten.
Taxonomy: FP1 (missing content), RAGEC E4 (missed retrieval) in effect.
A trace shows: fewer chunks in the index, fewer rows that the filter lets
through, a lower top-1 similarity, abstentions, answers from the next best document.
Cannot show it: latency; status codes; groundedness, since what is answered is
answered from a document that is there.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault, chosen_document
from faults.fault import Layer, Seam, Severity

MOST = 0.6
"""The share of the documents that is lost at severity 1."""


def lose(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents that came through, the first one in any case."""
    lost = Severity(MOST * severity.value)
    kept = [d for d in documents if not chosen_document("documents_missing", d.id, lost)]
    # An index of nothing would not be swapped in.
    return kept or list(documents[:1])


FAULT = PartFault(
    id="documents_missing",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="part of the documents is lost while they are ingested",
    taxonomy=("FP1", "RAGEC E4"),
    shows_in=("index size", "rows out of the filter", "top-1 similarity", "abstentions"),
    blind=("latency", "status codes", "groundedness"),
    find="The number of chunks in the index dropped at a re-index, and from then on questions "
    "about single documents end in abstentions or in answers from another document.",
    fix="Ingest the lost batches again, and let the job fail when it indexed fewer documents "
    "than the archive holds.",
    wrap=lose,
)
