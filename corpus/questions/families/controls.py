"""Questions about what stands in an invoice's way: delays, mismatches, approvals."""

from __future__ import annotations

from corpus.documents.controls import approval_record_id, match_report_id
from corpus.documents.reasons import first_mismatch
from corpus.ledger.kinds import HoldKind, MatchOutcome
from corpus.questions.question import Case, GoldAnswer, GoldPart, Kind, one
from corpus.questions.reasons import OF_HOLD, OF_MISMATCH
from corpus.questions.sources import ANY, DOCUMENTS, Family, Sources


def _fill(sources: Sources, invoice_id: str) -> dict[str, str]:
    invoice = sources.shelf.invoices[invoice_id]
    return {"invoice_id": invoice_id, "vendor": sources.spoken(invoice.vendor_id)}


def _delay(sources: Sources) -> list[Case]:
    cases = []
    for hold in sources.world.holds:
        reasons = [OF_HOLD[hold.kind]]
        kind = first_mismatch(sources.shelf.matches[hold.invoice_id])
        if hold.kind is HoldKind.PO_DISCREPANCY and kind is not None:
            # Whoever names what exactly disagrees with the order has given the reason, too.
            reasons.append(OF_MISMATCH[kind])
        cases.append(
            Case(
                key=hold.invoice_id,
                fill=_fill(sources, hold.invoice_id),
                gold=one(Kind.REASON, *reasons),
                evidence=sources.evidence(hold.told_in, "reason", f"held:{hold.invoice_id}"),
                routes=DOCUMENTS,
            )
        )
    return cases


def _mismatch(sources: Sources) -> list[Case]:
    cases = []
    for match in sources.world.matches:
        kinds = {found.kind for found in match.discrepancies}
        if match.outcome is MatchOutcome.MISMATCH and len(kinds) == 1:
            cases.append(
                Case(
                    key=match.invoice_id,
                    fill=_fill(sources, match.invoice_id),
                    gold=one(Kind.REASON, OF_MISMATCH[match.discrepancies[0].kind]),
                    evidence=sources.evidence(match_report_id(match.invoice_id), "reason"),
                    routes=ANY,
                )
            )
    return cases


def _approver(sources: Sources) -> list[Case]:
    cases = []
    for invoice in sources.world.invoices:
        steps = sources.shelf.approvals[invoice.id]
        record = approval_record_id(invoice.id)
        if not steps or record not in sources.rendered or any(s.approved is None for s in steps):
            continue
        parts = [GoldPart(Kind.PERSON, (step.approver,)) for step in steps]
        days = dict.fromkeys(step.approved.isoformat() for step in steps if step.approved)
        parts.extend(GoldPart(Kind.DATE, (day,)) for day in days)
        cases.append(
            Case(
                key=invoice.id,
                fill=_fill(sources, invoice.id),
                gold=GoldAnswer(tuple(parts)),
                evidence=sources.evidence(record, *(f"step:{step.step}" for step in steps)),
                routes=ANY,
            )
        )
    return cases


FAMILIES = (
    Family("delay_reason", _delay),
    Family("mismatch_reason", _mismatch),
    Family("approver", _approver),
)
