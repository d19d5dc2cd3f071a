"""The same documents are indexed many times over.

Mechanism: a connector imports the archive every night, gives what it brings
ids of its own and takes nothing away, since it was set to add and not to
replace. After a dozen nights each document is there a dozen times. The copies
are equally near to any question, stand side by side in every ranking and leave
no room for another document: of 24 candidates two are left. Severity scales
the number of nights, up to eleven.
Taxonomy: RAGEC E8 (low diversity), FP2 (missed the top ranks).
A trace shows: a larger index, a duplicate share near 1, few distinct documents
among the passages, rerank margins of 0, context tokens for nothing new.
Cannot show it: top-1 similarity, which stays; groundedness; status codes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault
from faults.fault import Layer, Seam, Severity

NIGHTS = 11
"""How often the documents were imported again at severity 1."""


def import_again(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents, each followed by a copy for every night."""
    nights = math.ceil(NIGHTS * severity.value)
    return [
        copy
        for document in documents
        for copy in (document, *(_copy(document, night) for night in range(1, nights + 1)))
    ]


def _copy(document: Document, night: int) -> Document:
    return Document(f"{document.id}-N{night}", document.title, document.text, document.metadata)


FAULT = PartFault(
    id="duplicates_flood",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="documents are indexed a dozen times over and fill the passages with copies",
    taxonomy=("RAGEC E8", "FP2"),
    shows_in=("duplicate share", "distinct documents", "index size", "rerank margin"),
    blind=("top-1 similarity", "groundedness", "status codes"),
    find="The duplicate share of the passages rose from next to nothing, while as many passages "
    "as before are returned; the index grew without new business.",
    fix="Set the connector to replace by a key that stays, and remove documents of equal text "
    "from the index.",
    wrap=import_again,
)
