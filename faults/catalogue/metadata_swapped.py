"""Documents carry the metadata of another document of their kind.

Mechanism: the export of the archive gives texts in one file and metadata in
another, and a job joins them by row; one row too many at the top of a batch,
and each document has its neighbour's vendor, invoice number and date. Texts
and titles stay right, filters work as they should, and they let the wrong
documents through. Severity is the share of documents in the shifted batches.
Taxonomy: RAGEC E14 (contextual misalignment), FP2, OWASP LLM08 (a tenant's documents
shown to another).
A trace shows: passages whose number in the title is not the one asked for,
abstentions on questions that name an invoice or a vendor, lower top-1 similarity.
Cannot show it: rows in and out of the filter, which stay about the same;
groundedness; latency; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault, chosen_document
from faults.documents import kind, with_metadata
from faults.fault import Layer, Seam, Severity


def shift(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents, those of the share with the metadata of the next one of their kind."""
    by_kind: dict[str, list[Document]] = {}
    for document in documents:
        by_kind.setdefault(kind(document), []).append(document)
    following = {
        document.id: alike[(place + 1) % len(alike)]
        for alike in by_kind.values()
        for place, document in enumerate(alike)
    }
    return [
        with_metadata(document, following[document.id].metadata)
        if chosen_document("metadata_swapped", document.id, severity)
        else document
        for document in documents
    ]


FAULT = PartFault(
    id="metadata_swapped",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="documents carry vendor, number and date of another document of their kind",
    taxonomy=("RAGEC E14", "FP2", "OWASP LLM08"),
    shows_in=("cited document against the one asked for", "abstentions", "top-1 similarity"),
    blind=("rows out of the filter", "groundedness", "latency", "status codes"),
    find="The filter is right and lets through documents whose ids and titles name another "
    "invoice or vendor than their metadata do.",
    fix="Join metadata by document id instead of by row, and ingest the batches again.",
    wrap=shift,
)
