"""Questions over many invoices, which need the ledger to count or to add up."""

from __future__ import annotations

from collections import defaultdict
from decimal import Decimal

from corpus.documents.words import money
from corpus.ledger.kinds import InvoiceStatus
from corpus.ledger.records import Invoice
from corpus.questions.question import Case, Kind, one
from corpus.questions.sources import LEDGER, Family, Sources
from corpus.questions.values import MONTHS

STATUS_WORDS = {
    InvoiceStatus.PAID: "paid",
    InvoiceStatus.SCHEDULED: "scheduled for payment",
    InvoiceStatus.ON_HOLD: "on hold",
    InvoiceStatus.PENDING_APPROVAL: "pending approval",
}


def _month(invoice: Invoice) -> str:
    return f"{MONTHS[invoice.date.month - 1].capitalize()} {invoice.date.year}"


def _open(sources: Sources) -> list[Case]:
    unpaid: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in sources.world.invoices:
        if invoice.status is not InvoiceStatus.PAID:
            unpaid[invoice.vendor_id].append(invoice)
    return [
        Case(
            key=vendor_id,
            fill={"vendor": sources.spoken(vendor_id)},
            gold=one(
                Kind.MONEY, money(sum((i.gross for i in found), Decimal(0)), found[0].currency)
            ),
            evidence=tuple(e for i in found for e in sources.evidence(i.id, "gross")),
            routes=LEDGER,
        )
        for vendor_id, found in sorted(unpaid.items())
    ]


def _spend(sources: Sources) -> list[Case]:
    groups: dict[tuple[str, str], list[Invoice]] = defaultdict(list)
    for invoice in sources.world.invoices:
        groups[(invoice.vendor_id, _month(invoice))].append(invoice)
    return [
        Case(
            key=f"{vendor_id}-{month.replace(' ', '-')}",
            fill={"vendor": sources.spoken(vendor_id), "month": month},
            gold=one(
                Kind.MONEY, money(sum((i.gross for i in found), Decimal(0)), found[0].currency)
            ),
            evidence=tuple(e for i in found for e in sources.evidence(i.id, "gross")),
            routes=LEDGER,
        )
        for (vendor_id, month), found in sorted(groups.items())
        if len(found) > 1
    ]


def _vendor_count(sources: Sources) -> list[Case]:
    groups: dict[tuple[str, InvoiceStatus], int] = defaultdict(int)
    for invoice in sources.world.invoices:
        groups[(invoice.vendor_id, invoice.status)] += 1
    return [
        Case(
            key=f"{vendor_id}-{status.value}",
            fill={"vendor": sources.spoken(vendor_id), "status": STATUS_WORDS[status]},
            gold=one(Kind.NUMBER, str(count)),
            evidence=(),
            routes=LEDGER,
        )
        for (vendor_id, status), count in sorted(groups.items())
        if count > 1
    ]


def _month_count(sources: Sources) -> list[Case]:
    groups: dict[tuple[str, str], int] = defaultdict(int)
    for invoice in sources.world.invoices:
        month = _month(invoice)
        groups[(month, STATUS_WORDS[invoice.status])] += 1
    return [
        Case(
            key=f"{month.replace(' ', '-')}-{what.replace(' ', '-')}",
            fill={"month": month, "status": what},
            gold=one(Kind.NUMBER, str(count)),
            evidence=(),
            routes=LEDGER,
        )
        for (month, what), count in sorted(groups.items())
    ]


FAMILIES = (
    Family("open_amount", _open),
    Family("vendor_spend", _spend),
    Family("vendor_invoice_count", _vendor_count),
    Family("month_invoice_count", _month_count),
)
