"""Questions whose true answer is that there is none, and questions about what is nowhere."""

from __future__ import annotations

from corpus.documents.controls import approval_record_id, match_report_id
from corpus.ledger.kinds import InvoiceStatus, MatchOutcome
from corpus.ledger.records import Invoice
from corpus.ledger.world import TODAY
from corpus.questions.question import Case, Kind, nothing
from corpus.questions.sources import ANY, Family, Sources

FACTS_NEVER_RECORDED: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("headcount", (Kind.NUMBER,)),
    ("founding year", (Kind.DATE,)),
    ("credit rating", ()),
    ("annual revenue", (Kind.MONEY,)),
    ("insurance sum", (Kind.MONEY,)),
    ("carbon footprint", (Kind.NUMBER,)),
    ("managing director", (Kind.PERSON,)),
    ("volume bonus", (Kind.PERCENT,)),
)


def _fill(sources: Sources, invoice: Invoice) -> dict[str, str]:
    return {"invoice_id": invoice.id, "vendor": sources.spoken(invoice.vendor_id)}


def _real_dates(sources: Sources, invoice: Invoice) -> tuple[str, ...]:
    """Return the dates that are true of an invoice, which an answer may mention."""
    days = [invoice.date, invoice.received, invoice.due_date]
    days.append(sources.shelf.matches[invoice.id].checked)
    for step in sources.shelf.approvals[invoice.id]:
        days.extend(day for day in (step.requested, step.approved) if day)
    hold = sources.shelf.holds.get(invoice.id)
    if hold:
        days.extend(day for day in (hold.since, hold.released) if day)
    return (*(day.isoformat() for day in dict.fromkeys(days)), TODAY.isoformat())


def _no_approval(sources: Sources) -> list[Case]:
    cases = []
    for invoice in sources.world.invoices:
        steps = sources.shelf.approvals[invoice.id]
        if any(step.approved for step in steps):
            continue
        cases.append(
            Case(
                key=invoice.id,
                fill=_fill(sources, invoice),
                gold=nothing(
                    Kind.DATE,
                    allowed=_real_dates(sources, invoice),
                    claims=("approved by", "approved on", "signed off by", "signed off on"),
                ),
                evidence=sources.evidence(
                    approval_record_id(invoice.id), *(f"step:{step.step}" for step in steps)
                ),
                routes=ANY,
            )
        )
    return cases


def _not_paid(sources: Sources) -> list[Case]:
    return [
        Case(
            key=invoice.id,
            fill=_fill(sources, invoice),
            gold=nothing(
                Kind.DATE,
                allowed=_real_dates(sources, invoice),
                claims=("paid on", "was paid", "transferred on", "executed on"),
            ),
            evidence=(),
            routes=ANY,
        )
        for invoice in sources.world.invoices
        if invoice.status is not InvoiceStatus.PAID
    ]


def _no_mismatch(sources: Sources) -> list[Case]:
    return [
        Case(
            key=match.invoice_id,
            fill=_fill(sources, sources.shelf.invoices[match.invoice_id]),
            gold=nothing(Kind.REASON),
            evidence=sources.evidence(match_report_id(match.invoice_id), "outcome"),
            routes=ANY,
        )
        for match in sources.world.matches
        if match.outcome is MatchOutcome.MATCHED
    ]


def _unknown_invoice(sources: Sources) -> list[Case]:
    last = len(sources.world.invoices)
    return [
        Case(
            key=f"INV-2026-{number:04d}",
            fill={"invoice_id": f"INV-2026-{number:04d}"},
            gold=nothing(Kind.MONEY, Kind.DATE),
            evidence=(),
            routes=ANY,
            answerable=False,
        )
        for number in range(last + 17, last + 17 + 9 * 60, 9)
        if number < 10000
    ]


def _unrecorded(fact: str, kinds: tuple[Kind, ...]) -> Family:
    def cases(sources: Sources) -> list[Case]:
        return [
            Case(
                key=vendor.id,
                fill={"vendor": sources.spoken(vendor.id)},
                gold=nothing(*kinds),
                evidence=(),
                routes=ANY,
                answerable=False,
            )
            for vendor in sources.world.vendors
        ]

    return Family(f"unrecorded_{fact.replace(' ', '_')}", cases)


FAMILIES = (
    Family("no_approval", _no_approval),
    Family("not_paid", _not_paid),
    Family("no_mismatch", _no_mismatch),
    Family("unknown_invoice", _unknown_invoice),
    *(_unrecorded(fact, kinds) for fact, kinds in FACTS_NEVER_RECORDED),
)
