from datetime import date

import pytest

from agents.ports import JsonObject
from faults.catalogue.tool_stale_value import as_of
from tests.faults.tools import INVOICE, PAYMENTS, FixedTool, result_of, worse

DAY = date(2026, 5, 1)
APPROVALS: JsonObject = {
    "invoice_id": "INV-2026-0042",
    "status": "approved",
    "items": [
        {
            "step": 1,
            "requested_on": "2026-04-20",
            "approved_on": "2026-04-21",
            "status": "approved",
        },
        {
            "step": 2,
            "requested_on": "2026-04-22",
            "approved_on": "2026-05-04",
            "status": "approved",
        },
        {
            "step": 3,
            "requested_on": "2026-05-04",
            "approved_on": "2026-05-05",
            "status": "approved",
        },
    ],
    "count": 3,
}


def test_a_record_of_a_later_day_is_not_there_yet() -> None:
    assert as_of(INVOICE, DAY) is None
    assert as_of(INVOICE, date(2026, 5, 14)) == INVOICE


def test_an_invoice_is_not_paid_before_its_payment() -> None:
    stale = as_of(PAYMENTS, date(2026, 4, 9))
    assert (stale["paid"], stale["items"], stale["count"]) == (False, [], 0)
    stale = as_of(PAYMENTS, DAY)
    assert [item["id"] for item in stale["items"]] == ["PAY-1"]
    assert "paid" not in stale


def test_an_approval_of_a_later_day_is_still_pending() -> None:
    stale = as_of(APPROVALS, DAY)
    assert stale["status"] == "pending"
    assert [item["status"] for item in stale["items"]] == ["approved", "pending"]
    assert "approved_on" not in stale["items"][1]
    assert as_of(APPROVALS, date(2026, 4, 1))["status"] == "no approval requested"


def test_what_has_arrived_is_what_had_arrived_by_then() -> None:
    receipts = {
        "po_id": "PO-2026-0011",
        "lines": [{"number": 1, "quantity_ordered": "10", "quantity_received": "10"}],
        "items": [
            {"received_on": "2026-04-20", "lines": [{"number": 1, "quantity": "4"}]},
            {"received_on": "2026-05-20", "lines": [{"number": 1, "quantity": "6"}]},
        ],
        "count": 2,
    }
    assert as_of(receipts, DAY)["lines"][0]["quantity_received"] == "4"
    assert as_of(receipts, date(2026, 5, 20)) == receipts


def test_open_items_are_summed_up_anew_and_were_less_overdue() -> None:
    def item(day: str, due: str, amount: str, overdue: int) -> JsonObject:
        return {
            "invoice_date": day,
            "due_date": due,
            "currency": "EUR",
            "open_amount": amount,
            "days_overdue": overdue,
        }

    items = [
        item("2026-03-01", "2026-04-21", "100.00", 70),
        item("2026-04-01", "2026-05-11", "20.50", 50),
        item("2026-05-02", "2026-06-01", "3.00", 29),
    ]
    stale = as_of({"total_open": [], "overdue_total": [], "items": items, "count": 3}, DAY)
    assert stale["total_open"] == [{"currency": "EUR", "amount": "120.50"}]
    assert stale["overdue_total"] == [{"currency": "EUR", "amount": "100.00"}]
    assert [row["days_overdue"] for row in stale["items"]] == [10, 0]


def test_a_later_month_has_no_invoices_and_a_sum_without_a_month_stays() -> None:
    later = {"measure": "gross", "month": "2026-06", "invoice_count": 3, "amounts": [{}]}
    assert as_of(later, DAY) == {**later, "invoice_count": 0, "amounts": []}
    whole = {"measure": "count", "invoice_count": 3}
    assert as_of(whole, DAY) == whole


@pytest.mark.parametrize(("severity", "count"), [(0.1, 2), (0.5, 1), (0.9, 0)])
async def test_the_stronger_the_older_the_copy(severity: float, count: int) -> None:
    content = {**PAYMENTS, "items": [{"paid_on": "2026-04-12"}, {"paid_on": "2026-06-12"}]}
    (tool,) = worse("tool_stale_value", [FixedTool(content, "list_payments")], severity)
    result = await result_of(tool)
    assert len(result.content["items"]) == count
    assert result.found == (count > 0)


async def test_it_gives_the_same_whatever_was_asked_before() -> None:
    (one,) = worse("tool_stale_value", [FixedTool(PAYMENTS, "list_payments")], 0.5)
    (other,) = worse("tool_stale_value", [FixedTool(PAYMENTS, "list_payments")], 0.5)
    results = [await result_of(one, seed) for seed in range(3)]
    assert [await result_of(other, seed) for seed in (2, 1, 0)] == results
