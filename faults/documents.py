"""What faults of an ingest share: which documents they hit, and documents said otherwise."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from corpus.ports import Document, Metadata
from faults.base import chosen_document
from faults.fault import Severity

Rewrite = Callable[[Document], Document]


def rewritten(
    fault_id: str,
    documents: Sequence[Document],
    severity: Severity,
    rewrite: Rewrite,
    eligible: Callable[[Document], bool] = lambda document: True,
) -> list[Document]:
    """Return the documents with the eligible ones of a fault's share rewritten, order kept.

    The very same document comes back where nothing is rewritten.
    """
    return [
        rewrite(document)
        if eligible(document) and chosen_document(fault_id, document.id, severity)
        else document
        for document in documents
    ]


def with_text(document: Document, text: str) -> Document:
    """Return a document with another text, the very same one if the text is its own."""
    if text == document.text:
        return document
    # Built anew rather than replaced: what comes may be a stand-in for a document.
    return Document(document.id, document.title, text, document.metadata)


def with_metadata(document: Document, metadata: Metadata) -> Document:
    """Return a document with other metadata."""
    return Document(document.id, document.title, document.text, metadata)


def kind(document: Document) -> str:
    """Return a document's type, "" if it has none."""
    return str(document.metadata.get("doc_type", ""))
