"""The same documents are indexed many times over.

Mechanism: an upload that times out is sent again, the receiving side has no
key to know it by, and every attempt becomes a document with an id of its own.
The copies are equally near to any question, stand side by side in the ranking
and leave no room for a second opinion: of five passages five say the same.
Severity is the share of documents that were sent again, each of them five times.
Taxonomy: RAGEC E8 (low precision), FP2 (missed the top ranks).
A trace shows: a larger index, a duplicate share near 1, few distinct documents
among the passages, rerank margins of 0, context tokens for nothing new.
Cannot show it: top-1 similarity, which stays; groundedness; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault, chosen_document
from faults.fault import Layer, Seam, Severity

ATTEMPTS = 5
"""How often a document is sent again."""


def resend(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents, each of the share followed by its copies."""
    sent: list[Document] = []
    for document in documents:
        sent.append(document)
        if chosen_document("duplicates_flood", document.id, severity):
            sent.extend(
                Document(
                    f"{document.id}-R{attempt}", document.title, document.text, document.metadata
                )
                for attempt in range(1, ATTEMPTS + 1)
            )
    return sent


FAULT = PartFault(
    id="duplicates_flood",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="documents are indexed six times over and fill the passages with copies",
    taxonomy=("RAGEC E8", "FP2"),
    shows_in=("duplicate share", "distinct documents", "index size", "rerank margin"),
    blind=("top-1 similarity", "groundedness", "status codes"),
    find="The duplicate share of the passages rose from next to nothing, while as many passages "
    "as before are returned; the index grew without new business.",
    fix="Give uploads a key that makes a second attempt the same document, and remove documents "
    "of equal text from the index.",
    wrap=resend,
)
