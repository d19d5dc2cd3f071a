"""Questions about a single invoice: its amounts and dates, and what was paid."""

from __future__ import annotations

from corpus.documents.words import money
from corpus.ledger.kinds import MatchOutcome
from corpus.ledger.records import Invoice
from corpus.questions.question import Case, GoldAnswer, Kind, one
from corpus.questions.sources import ANY, FIELD, Family, Sources


def _case(sources: Sources, invoice: Invoice, gold: GoldAnswer, fact: str) -> Case:
    return Case(
        key=invoice.id,
        fill={"invoice_id": invoice.id, "vendor": sources.spoken(invoice.vendor_id)},
        gold=gold,
        evidence=sources.evidence(invoice.id, fact),
        routes=FIELD,
    )


def _total(sources: Sources) -> list[Case]:
    return [
        _case(sources, i, one(Kind.MONEY, money(i.gross, i.currency)), "gross")
        for i in sources.world.invoices
    ]


def _net(sources: Sources) -> list[Case]:
    return [
        _case(sources, i, one(Kind.MONEY, money(i.net, i.currency)), "net")
        for i in sources.world.invoices
        if i.tax
    ]


def _tax(sources: Sources) -> list[Case]:
    return [
        _case(sources, i, one(Kind.MONEY, money(i.tax, i.currency)), "tax")
        for i in sources.world.invoices
        if i.tax
    ]


def _due(sources: Sources) -> list[Case]:
    return [
        _case(sources, i, one(Kind.DATE, i.due_date.isoformat()), "due_date")
        for i in sources.world.invoices
    ]


def _paid(sources: Sources) -> list[Case]:
    return [
        Case(
            key=payment.invoice_id,
            fill={
                "invoice_id": payment.invoice_id,
                "vendor": sources.spoken(payment.vendor_id),
            },
            gold=one(Kind.DATE, payment.date.isoformat()),
            evidence=sources.evidence(payment.run_id, f"paid:{payment.invoice_id}"),
            routes=ANY,
        )
        for payment in sources.world.payments
        # A mismatch that was settled would make a second story of it.
        if sources.shelf.matches[payment.invoice_id].outcome is MatchOutcome.MATCHED
    ]


FAMILIES = (
    Family("invoice_total", _total),
    Family("invoice_net", _net),
    Family("tax_amount", _tax),
    Family("due_date", _due),
    Family("payment_date", _paid),
)
