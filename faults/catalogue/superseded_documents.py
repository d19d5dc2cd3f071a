"""Agreements and policies are indexed in an old version, too.

Mechanism: a crawl over the archive takes in the folder with the versions that
were replaced. An old version has the same title and nearly the same sentences,
two years earlier and with the terms, rates and amounts of then, so that both
are found with nearly the same score and either may be read. Severity is the
share of agreements and policies whose old version is indexed.
Taxonomy: RAGEC E15 (chronological inconsistency), E8 (conflicting passages).
A trace shows: a larger index, pairs of passages with one title and nearly the
same score among the top ranks, citations of documents with an older date.
Cannot show it: groundedness, since the answer is faithful to a document that
no longer holds; top-1 similarity; latency; status codes.
"""

from __future__ import annotations

from collections.abc import Sequence

from corpus.ports import Document
from faults.base import PartFault, chosen_document
from faults.fault import Layer, Seam, Severity
from faults.versions import has_versions, old_version


def keep_old(documents: Sequence[Document], severity: Severity) -> list[Document]:
    """Return the documents, each versioned one of the share with its old version beside it."""
    crawled: list[Document] = []
    for document in documents:
        crawled.append(document)
        hit = chosen_document("superseded_documents", document.id, severity)
        if hit and has_versions(document):
            old = old_version(document)
            year = str(old.metadata.get("date", ""))[:4] or "old"
            crawled.append(Document(f"{document.id}-{year}", old.title, old.text, old.metadata))
    return crawled


FAULT = PartFault(
    id="superseded_documents",
    seam=Seam.DOCUMENTS,
    layer=Layer.DATA,
    summary="old versions of agreements and policies are indexed beside the new ones",
    taxonomy=("RAGEC E15", "RAGEC E8"),
    shows_in=("index size", "two versions in the top k", "age of the cited document"),
    blind=("groundedness", "top-1 similarity", "latency", "status codes"),
    find="Two passages with the same title and nearly the same score stand in the top ranks, "
    "and the cited one has the older date.",
    fix="Leave the archive of replaced versions out of the crawl, or mark them and filter by "
    "what is in force.",
    wrap=keep_old,
)
