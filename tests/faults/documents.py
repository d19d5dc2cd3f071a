"""A few documents of each kind, and what a fault of the ingest makes of them."""

from __future__ import annotations

from collections.abc import Sequence

from corpus.ports import Document
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

KINDS = ("invoice", "goods_receipt", "agreement", "policy", "email", "approval")
TEXT = (
    "# {title}\n\n- Number: {doc_id}\n- Total: 1,250.80 EUR\n\n## Terms\n\n"
    "Payable within 30 days of the invoice date, 19 % VAT. Signed on 3 March 2025.\n\n"
    "| Step | Role | Approver |\n| --- | --- | --- |\n| 1 | Department head | Ida Holm |\n"
    "| 2 | Head of Finance | Otto Lang |\n"
)


def documents(of_each: int = 20) -> list[Document]:
    """Return documents with ids, dates, vendors and numbers that tell them apart."""
    made = []
    for kind in KINDS:
        for number in range(of_each):
            doc_id, title = f"{kind}-{number}", f"{kind} number {number}"
            metadata = {
                "doc_type": kind,
                "date": f"2026-{1 + number % 6:02d}-15",
                "vendor_id": f"V-{number}",
            }
            text = TEXT.format(title=title, doc_id=doc_id)
            made.append(Document(doc_id, title, text, metadata))
    return made


def ingested(
    fault: str, severity: float, given: Sequence[Document] | None = None
) -> Sequence[Document]:
    """Return the documents as they are indexed under a fault."""
    part = documents() if given is None else given
    return degrade_part(Seam.DOCUMENTS, part, [ActiveFault(fault, severity)])


def changed(fault: str, severity: float) -> set[str]:
    """Return the ids of the documents that are not as they were."""
    before = {document.id: document for document in documents()}
    return {d.id for d in ingested(fault, severity) if d != before.get(d.id)}
