"""The erp service's answers explain themselves to a reader who sees nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from corpus.ledger import Ledger, UnknownRecordError, WorldSettings
from corpus.ledger.generator import generate
from corpus.ledger.kinds import ApprovalStatus, InvoiceStatus, MatchOutcome
from corpus.ledger.store import write
from services.erp import lookups, wire


@pytest.fixture(scope="module")
def ledger(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ledger]:
    path: Path = tmp_path_factory.mktemp("world") / "ledger.sqlite"
    write(generate(WorldSettings(seed=3, vendors=6, invoices=80)), path)
    opened = Ledger(path)
    yield opened
    opened.close()


def _json(answer: BaseModel) -> dict[str, Any]:
    return answer.model_dump(mode="json")


def _holders(node: object) -> Iterator[dict[str, Any]]:
    """Yield every object below a JSON value that gives a vendor's id."""
    if isinstance(node, dict):
        if "vendor_id" in node:
            yield node
        for value in node.values():
            yield from _holders(value)
    elif isinstance(node, list):
        for value in node:
            yield from _holders(value)


def test_whatever_gives_a_vendors_id_gives_its_full_name(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.po_id and i.status is InvoiceStatus.PAID)
    assert invoice.po_id
    vendor_id = invoice.vendor_id
    holders = [
        holder
        for answer in (
            lookups.invoice(ledger, invoice.id),
            lookups.match(ledger, invoice.id),
            lookups.payments(ledger, invoice.id, None),
            lookups.order(ledger, invoice.po_id),
            lookups.open_items(ledger, vendor_id),
            lookups.aggregate(ledger, "count", vendor_id, None, None),
        )
        for holder in _holders(_json(answer))
    ]
    assert len(holders) >= 7
    assert {holder["vendor"] for holder in holders} == {ledger.vendor(vendor_id).full_name}


def test_dates_are_named_for_what_they_are(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.po_id and ledger.receipts(i.po_id))
    assert invoice.po_id
    told = _json(lookups.invoice(ledger, invoice.id))
    assert told["invoice_date"] == invoice.date.isoformat()
    assert told["received_on"] == invoice.received.isoformat()
    order = _json(lookups.order(ledger, invoice.po_id))
    assert order["ordered_on"] < order["expected_delivery"]
    (receipt, *_) = _json(lookups.receipts(ledger, invoice.po_id))["items"]
    assert receipt["received_on"] == ledger.receipts(invoice.po_id)[0].date.isoformat()


def test_open_items_sum_up_to_what_is_owed_and_what_is_overdue(ledger: Ledger) -> None:
    found = [lookups.open_items(ledger, vendor.id) for vendor in ledger.vendors()]
    assert any(answer.overdue_total for answer in found)
    for answer in found:
        for part, items in (
            (answer.total_open, answer.items),
            (answer.overdue_total, [item for item in answer.items if item.days_overdue > 0]),
        ):
            assert sum((a.amount for a in part), Decimal(0)) == sum(i.open_amount for i in items)


def test_an_invoice_without_payment_is_said_not_to_be_paid(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.status is InvoiceStatus.ON_HOLD)
    assert _json(lookups.payments(ledger, invoice.id, None)) == {
        "invoice_id": invoice.id,
        "vendor_id": invoice.vendor_id,
        "vendor": ledger.vendor(invoice.vendor_id).full_name,
        "paid": False,
        "status": "on_hold",
        "due_date": invoice.due_date.isoformat(),
        "items": [],
        "count": 0,
    }


def test_a_paid_invoice_tells_when_and_nothing_of_being_unpaid(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.status is InvoiceStatus.PAID)
    told = _json(lookups.payments(ledger, invoice.id, None))
    assert told["items"][0]["paid_on"] == ledger.payments(invoice.id)[0].date.isoformat()
    assert not {"paid", "status", "due_date"} & told.keys()


def test_a_paid_invoice_is_not_called_unpaid_when_another_vendor_is_named(ledger: Ledger) -> None:
    invoice = next(i for i in ledger.invoices() if i.status is InvoiceStatus.PAID)
    other = next(v for v in ledger.vendors() if v.id != invoice.vendor_id)
    told = _json(lookups.payments(ledger, invoice.id, other.id))
    assert (told["vendor_id"], told["paid"], told["items"]) == (invoice.vendor_id, True, [])


def test_payments_of_something_unknown_are_an_error_and_not_unpaid(ledger: Ledger) -> None:
    with pytest.raises(UnknownRecordError):
        lookups.payments(ledger, "INV-1999-0001", None)
    with pytest.raises(UnknownRecordError):
        lookups.payments(ledger, None, "V-9999")


def test_approvals_tell_where_they_stand_together(ledger: Ledger) -> None:
    told = {i.id: _json(lookups.approvals(ledger, i.id)) for i in ledger.invoices()}
    assert {answer["status"] for answer in told.values()} == {
        "approved",
        "pending",
        "no approval requested",
    }
    for invoice_id, answer in told.items():
        steps = ledger.approvals(invoice_id)
        pending = any(step.status is ApprovalStatus.PENDING for step in steps)
        assert (answer["status"] == "pending") is pending
        assert (answer["status"] == "no approval requested") is (not steps)
        for step in answer["items"]:
            assert ("approved_on" in step) is (step["status"] == "approved")


def test_receipts_are_summed_for_each_ordered_line(ledger: Ledger) -> None:
    orders = {i.po_id for i in ledger.invoices() if i.po_id}
    for po_id in orders:
        answer = lookups.receipts(ledger, po_id)
        assert [line.number for line in answer.lines] == [
            line.number for line in ledger.purchase_order(po_id).lines
        ]
        arrived = sum(line.quantity for receipt in answer.items for line in receipt.lines)
        assert sum(line.quantity_received for line in answer.lines) == arrived


def test_a_match_is_told_in_one_sentence_with_its_reasons(ledger: Ledger) -> None:
    outcomes = set()
    for invoice in ledger.invoices():
        match = ledger.match(invoice.id)
        told = _json(lookups.match(ledger, invoice.id))
        outcomes.add(match.outcome)
        assert told["result"].startswith(f"Invoice {invoice.id} of ")
        assert all(item.detail in told["result"] for item in match.discrepancies)
        assert (" does not match " in told["result"]) is bool(match.discrepancies)
        assert all(item.get("number") != 0 for item in told["discrepancies"])
    assert outcomes == set(MatchOutcome)


def test_an_aggregate_repeats_the_filters_that_were_asked_for(ledger: Ledger) -> None:
    invoice = ledger.invoices()[0]
    month = invoice.date.strftime("%Y-%m")
    told = _json(lookups.aggregate(ledger, "gross", invoice.vendor_id, None, month))
    assert list(told) == ["measure", "vendor_id", "vendor", "month", "invoice_count", "amounts"]
    assert told["month"] == month
    assert list(_json(lookups.aggregate(ledger, "count", None, None, None))) == [
        "measure",
        "invoice_count",
    ]


@pytest.mark.parametrize(
    "model",
    [
        wire.OpenItems,
        wire.Payments,
        wire.Approvals,
        wire.MatchAnswer,
        wire.Receipts,
        wire.Benchmark,
        wire.InvoiceAggregate,
    ],
)
def test_the_example_of_an_answer_is_such_an_answer(model: type[BaseModel]) -> None:
    example = model.model_json_schema(mode="serialization")["example"]
    assert _json(model.model_validate(example)) == example
