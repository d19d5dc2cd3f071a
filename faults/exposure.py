"""Partial exposure: an ingest that made some documents worse, and left the others as they were.

A document is exposed when the draws of the fault for it and for its vendor are
both below their shares; a larger share exposes all that a smaller one does. A
fault is handed the exposed documents alone, as the job for a shard of an
archive is.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from corpus.ports import Chunk, Chunker, Document
from faults.base import StandsIn, draw
from faults.errors import NoDocuments
from faults.fault import Fault, Seam, Severity
from faults.plan import ActiveFault
from faults.registry import Catalogue, catalogue

SEAMS: Final = frozenset({Seam.DOCUMENTS, Seam.CHUNKER})
"""The seams of parts that take document by document, so that a share of them can be hit."""

LIMITS: Final = (
    "is for faults of the documents and of the chunker alone; give others a share of the requests"
)


def exposed(fault: ActiveFault, document: Document) -> bool:
    """Tell whether a document is among those that a fault acts on.

    With a share of the vendors, a document that names none is not.
    """
    if fault.vendors < 1:
        vendor = str(document.metadata.get("vendor_id", ""))
        if not vendor or draw("exposed", fault.id, vendor) >= fault.vendors:
            return False
    return fault.documents == 1 or draw("exposed", fault.id, document.id) < fault.documents


def allows_partial(seam: Seam) -> bool:
    """Tell whether a fault of a seam can be in place for a share of documents or vendors."""
    return seam in SEAMS


def check_exposure(fault: ActiveFault, known: Catalogue | None = None) -> None:
    """Raise ``NoDocuments`` for a share of documents that a fault cannot be in place for.

    Raises ``UnknownFault`` for a fault that is none.
    """
    seam = (known or catalogue()).get(fault.id).seam
    if fault.is_partial and not allows_partial(seam):
        raise NoDocuments(f"{fault.id}: a share of documents or vendors {LIMITS}")


def degrade_exposed(fault: Fault, choice: ActiveFault, part: Any) -> Any:
    """Return a part made worse by a fault where documents are exposed to it.

    The very same part comes back where none is. Raises ``NoDocuments`` as
    ``check_exposure`` does.
    """
    severity = Severity(choice.severity)
    if not choice.is_partial:
        return fault.degrade(part, severity)
    if not allows_partial(fault.seam):
        raise NoDocuments(f"{fault.id}: a share of documents or vendors {LIMITS}")
    if fault.seam is Seam.DOCUMENTS:
        return _ingested(fault, choice, part)
    return _CutsByExposure(part, fault.degrade(part, severity), choice)


@dataclass(frozen=True, slots=True)
class _CutsByExposure(StandsIn):
    """Cuts exposed documents as the worse chunker does, and others as the healthy one."""

    healthy: Chunker
    worse: Chunker
    choice: ActiveFault

    @property
    def fingerprint(self) -> str:
        shares = f"documents={self.choice.documents} vendors={self.choice.vendors}"
        return f"{self.worse.fingerprint} exposed={self.choice.id} {shares}"

    def chunk(self, document: Document) -> list[Chunk]:
        chunker = self.worse if exposed(self.choice, document) else self.healthy
        return chunker.chunk(document)


def _ingested(
    fault: Fault, choice: ActiveFault, documents: Sequence[Document]
) -> Sequence[Document]:
    """Return what a fault makes of the exposed documents, in order among all the others."""
    hit = {number: each for number, each in enumerate(documents) if exposed(choice, each)}
    if not hit:
        return documents
    number_of = {document.id: number for number, document in hit.items()}
    placed = [(n, each) for n, each in enumerate(documents) if n not in hit]
    number = next(iter(hit))
    for document in fault.degrade(list(hit.values()), Severity(choice.severity)):
        # A document that is new, e.g. a copy, stands behind the one that it came with.
        number = number_of.get(document.id, number)
        placed.append((number, document))
    return [document for _, document in sorted(placed, key=lambda each: each[0])]
