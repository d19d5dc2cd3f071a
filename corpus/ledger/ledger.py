"""Reads the ledger: what the company's books say, record by record."""

from __future__ import annotations

import sqlite3
from collections import defaultdict
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import TypeVar

from corpus.ledger import tables
from corpus.ledger.errors import LedgerError, LedgerFileError, UnknownRecordError
from corpus.ledger.kinds import InvoiceStatus
from corpus.ledger.records import (
    Aggregate,
    Agreement,
    AmountByCurrency,
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
from corpus.ledger.store import APPLICATION_ID
from corpus.ledger.world import TODAY

MEASURES = ("count", "gross", "net", "tax")

R = TypeVar("R")


class Ledger:
    """A read-only view of a ledger file.

    Methods that take an id raise ``UnknownRecordError`` when there is no such
    record; methods that list return an empty list when there is none.
    """

    def __init__(self, path: Path) -> None:
        """Open the file, or raise ``LedgerFileError``."""
        if not path.is_file():
            raise LedgerFileError(f"{path} is not there: build the world first")
        # The file never changes once it is there, so it may be read from any thread.
        self._db = sqlite3.connect(
            f"{path.resolve().as_uri()}?mode=ro", uri=True, check_same_thread=False
        )
        try:
            mark = self._db.execute("PRAGMA application_id").fetchone()[0]
        except sqlite3.DatabaseError as error:
            self._db.close()
            raise LedgerFileError(f"{path} is not a SQLite file: {error}") from error
        if mark != APPLICATION_ID:
            self._db.close()
            raise LedgerFileError(f"{path} is not a ledger of this application")

    def close(self) -> None:
        """Close the file."""
        self._db.close()

    def vendor(self, vendor_id: str) -> Vendor:
        """Return the vendor."""
        return self._one(tables.VENDORS, Vendor, "vendor", "id", vendor_id)

    def vendors(self) -> list[Vendor]:
        """Return all vendors by id."""
        return tables.select(self._db, tables.VENDORS, Vendor)

    def find_vendors(self, name: str) -> list[Vendor]:
        """Return vendors whose full name holds the text, in any case, by id."""
        wanted = " ".join(name.split()).casefold()
        return [v for v in self.vendors() if wanted and wanted in v.full_name.casefold()]

    def agreement(self, vendor_id: str) -> Agreement:
        """Return the vendor's framework agreement."""
        return self._one(
            tables.AGREEMENTS, Agreement, "agreement of vendor", "vendor_id", vendor_id
        )

    def invoice(self, invoice_id: str) -> Invoice:
        """Return the invoice with its lines."""
        return self._one(tables.INVOICES, Invoice, "invoice", "id", invoice_id)

    def invoices(
        self,
        vendor_id: str | None = None,
        status: str | None = None,
        month: str | None = None,
    ) -> list[Invoice]:
        """Return invoices by id; ``month`` is ``YYYY-MM`` of the invoice date."""
        where, values = _invoices_where(vendor_id, status, month)
        return tables.select(self._db, tables.INVOICES, Invoice, where, values)

    def open_items(self, vendor_id: str) -> list[OpenItem]:
        """Return the vendor's unpaid invoices by due date."""
        unpaid = [i for i in self.invoices(vendor_id) if i.status is not InvoiceStatus.PAID]
        return [
            OpenItem(
                invoice_id=i.id,
                vendor_id=i.vendor_id,
                date=i.date,
                due_date=i.due_date,
                currency=i.currency,
                open_amount=i.gross,
                days_overdue=max(0, (TODAY - i.due_date).days),
                status=i.status,
            )
            for i in sorted(unpaid, key=lambda i: (i.due_date, i.id))
        ]

    def match(self, invoice_id: str) -> Match:
        """Return the three-way match of the invoice."""
        return self._one(tables.MATCHES, Match, "invoice", "invoice_id", invoice_id)

    def approvals(self, invoice_id: str) -> list[Approval]:
        """Return the approval steps of a known invoice, which may be none."""
        self.invoice(invoice_id)
        return tables.select(self._db, tables.APPROVALS, Approval, "invoice_id = ?", (invoice_id,))

    def payments(
        self, invoice_id: str | None = None, vendor_id: str | None = None
    ) -> list[Payment]:
        """Return payments by date; of an unknown invoice or vendor there are none."""
        conditions = {"invoice_id = ?": invoice_id, "vendor_id = ?": vendor_id}
        asked = {condition: value for condition, value in conditions.items() if value is not None}
        return tables.select(
            self._db,
            tables.PAYMENTS,
            Payment,
            " AND ".join(asked),
            list(asked.values()),
            "date, id",
        )

    def payment_runs(self) -> list[PaymentRun]:
        """Return the payment runs by date."""
        return tables.select(self._db, tables.RUNS, PaymentRun)

    def hold(self, invoice_id: str) -> Hold | None:
        """Return why the invoice was or is held, or None."""
        found = tables.select(self._db, tables.HOLDS, Hold, "invoice_id = ?", (invoice_id,))
        return found[0] if found else None

    def purchase_order(self, po_id: str) -> PurchaseOrder:
        """Return the purchase order with its lines."""
        return self._one(tables.ORDERS, PurchaseOrder, "purchase order", "id", po_id)

    def receipts(self, po_id: str) -> list[GoodsReceipt]:
        """Return the goods receipts of a known purchase order, which may be none."""
        self.purchase_order(po_id)
        return tables.select(self._db, tables.RECEIPTS, GoodsReceipt, "po_id = ?", (po_id,))

    def aggregate(
        self,
        measure: str,
        vendor_id: str | None = None,
        status: str | None = None,
        month: str | None = None,
    ) -> Aggregate:
        """Count or sum invoices; ``measure`` is one of ``MEASURES``."""
        if measure not in MEASURES:
            raise LedgerError(f"measure must be one of {', '.join(MEASURES)}, not {measure!r}")
        where, values = _invoices_where(vendor_id, status, month)
        names = ("currency",) if measure == "count" else ("currency", measure)
        found = tables.columns(self._db, tables.INVOICES, names, where, values)
        sums: dict[str, Decimal] = defaultdict(Decimal)
        counts: dict[str, int] = defaultdict(int)
        for currency, *amounts in found:
            counts[currency] += 1
            for amount in amounts:
                sums[currency] += amount
        return Aggregate(
            measure=measure,
            count=len(found),
            amounts=tuple(
                AmountByCurrency(currency, sums[currency], counts[currency])
                for currency in sorted(sums)
            ),
        )

    def benchmark(self, po_id: str) -> list[BenchmarkLine]:
        """Return each line of the purchase order against the market benchmark."""
        order = self.purchase_order(po_id)
        market = {i.sku: i.benchmark_price for i in self.agreement(order.vendor_id).items}
        return [
            BenchmarkLine(
                po_id=po_id,
                number=line.number,
                sku=line.sku,
                description=line.description,
                currency=order.currency,
                unit_price=line.unit_price,
                benchmark_price=market.get(line.sku),
                difference_percent=difference_percent(line.unit_price, market.get(line.sku)),
            )
            for line in order.lines
        ]

    def _one(self, table: tables.Table, record: type[R], kind: str, column: str, key: str) -> R:
        found = tables.select(self._db, table, record, f"{column} = ?", (key,))
        if not found:
            raise UnknownRecordError(kind, key)
        return found[0]


def difference_percent(price: Decimal, benchmark: Decimal | None) -> Decimal | None:
    """Return by how many per cent a price lies above a benchmark, to one decimal."""
    if benchmark is None:
        return None
    return ((price - benchmark) / benchmark * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)


def _invoices_where(
    vendor_id: str | None, status: str | None, month: str | None
) -> tuple[str, list[str]]:
    """Return the condition on invoices and its values; what is None is not asked for."""
    conditions = {
        "vendor_id = ?": vendor_id,
        "status = ?": status,
        "substr(date,1,7) = ?": month,
    }
    asked = {condition: value for condition, value in conditions.items() if value is not None}
    return " AND ".join(asked), list(asked.values())
