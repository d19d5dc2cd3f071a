"""Reads the ledger: what the company's books say, record by record."""

from __future__ import annotations

from pathlib import Path

from corpus.ledger.records import (
    Aggregate,
    Agreement,
    Approval,
    BenchmarkLine,
    GoodsReceipt,
    Hold,
    Invoice,
    Match,
    OpenItem,
    Payment,
    PaymentRun,
    PurchaseOrder,
    Vendor,
)

MEASURES = ("count", "gross", "net", "tax")


class Ledger:
    """A read-only view of a ledger file.

    Methods that take an id raise ``UnknownRecordError`` when there is no such
    record; methods that list return an empty list when there is none.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or raise ``LedgerFileError``."""
        raise NotImplementedError

    def close(self) -> None:
        """Close the file."""
        raise NotImplementedError

    def vendor(self, vendor_id: str) -> Vendor:
        """Return the vendor."""
        raise NotImplementedError

    def vendors(self) -> list[Vendor]:
        """Return all vendors by id."""
        raise NotImplementedError

    def find_vendors(self, name: str) -> list[Vendor]:
        """Return vendors whose full name holds the text, in any case, by id."""
        raise NotImplementedError

    def agreement(self, vendor_id: str) -> Agreement:
        """Return the vendor's framework agreement."""
        raise NotImplementedError

    def invoice(self, invoice_id: str) -> Invoice:
        """Return the invoice with its lines."""
        raise NotImplementedError

    def invoices(
        self,
        vendor_id: str | None = None,
        status: str | None = None,
        month: str | None = None,
    ) -> list[Invoice]:
        """Return invoices by id; ``month`` is ``YYYY-MM`` of the invoice date."""
        raise NotImplementedError

    def open_items(self, vendor_id: str) -> list[OpenItem]:
        """Return the vendor's unpaid invoices by due date."""
        raise NotImplementedError

    def match(self, invoice_id: str) -> Match:
        """Return the three-way match of the invoice."""
        raise NotImplementedError

    def approvals(self, invoice_id: str) -> list[Approval]:
        """Return the approval steps of a known invoice, which may be none."""
        raise NotImplementedError

    def payments(
        self, invoice_id: str | None = None, vendor_id: str | None = None
    ) -> list[Payment]:
        """Return payments by date; of an unknown invoice or vendor there are none."""
        raise NotImplementedError

    def payment_runs(self) -> list[PaymentRun]:
        """Return the payment runs by date."""
        raise NotImplementedError

    def hold(self, invoice_id: str) -> Hold | None:
        """Return why the invoice was or is held, or None."""
        raise NotImplementedError

    def purchase_order(self, po_id: str) -> PurchaseOrder:
        """Return the purchase order with its lines."""
        raise NotImplementedError

    def receipts(self, po_id: str) -> list[GoodsReceipt]:
        """Return the goods receipts of a known purchase order, which may be none."""
        raise NotImplementedError

    def aggregate(
        self,
        measure: str,
        vendor_id: str | None = None,
        status: str | None = None,
        month: str | None = None,
    ) -> Aggregate:
        """Count or sum invoices; ``measure`` is one of ``MEASURES``."""
        raise NotImplementedError

    def benchmark(self, po_id: str) -> list[BenchmarkLine]:
        """Return each line of the purchase order against the market benchmark."""
        raise NotImplementedError
