"""Tools tell what was true some time ago.

Mechanism: tools were pointed at the reporting copy of the books to spare the
ledger, and the job that refreshes the copy has stopped. What was entered since
is not there: invoices, orders, checks and payments of later days are unknown,
approvals still pending, deliveries yet to come. Only sums that name no month are
worked out in the ledger itself and stay right. Severity is the age of the copy,
in 90 days.
Taxonomy: RAGEC E15 (chronological inconsistency), OWASP ASI02.
A trace shows: tool results that never change from day to day, no date in them
that is later than the last refresh, more tools that find nothing, abstentions.
Cannot show it: groundedness, since the answer agrees with the copy; tool calls,
latency, status codes.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from agents.ports import JsonObject, JsonValue, Tool, ToolResult
from corpus.ledger import TODAY
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, of_each
from faults.fault import Layer, Seam, Severity

OLDEST_DAYS = 90

# The day on which a record came into the books; the first of these that it has.
_ENTERED = ("received_on", "ordered_on", "checked_on", "requested_on", "paid_on", "invoice_date")


@dataclass(frozen=True, slots=True)
class AsksAnOldCopy(StandsIn):
    """Gives what the books held on the day of the last refresh."""

    healthy: Tool
    severity: Severity

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        result = await self.healthy.call(arguments, luck)
        refreshed = TODAY - timedelta(days=round(OLDEST_DAYS * self.severity.value))
        content = as_of(result.content, refreshed)
        if content == result.content:
            return result
        items = content.get("items") if isinstance(content, Mapping) else None
        found = content is not None and (items is None or bool(items))
        return replace(result, content=content, found=found)


def as_of(content: JsonValue, day: date) -> JsonValue:
    """Return a tool's result as the books knew it at the end of a day, None for no record yet."""
    if not isinstance(content, Mapping):
        return content
    if _entered(content) > day.isoformat():
        return None
    if str(content.get("month", "")) > day.isoformat()[:7]:
        sums: Mapping[str, JsonValue] = {"amounts": []} if "amounts" in content else {}
        return {**content, "invoice_count": 0, **sums}
    items = content.get("items")
    if not isinstance(items, Sequence) or not items:
        return content
    kept = [_row(row, day) for row in items if _entered(row) <= day.isoformat()]
    if kept == list(items):
        return content
    return {**content, **_told_of(content, kept, day), "items": kept, "count": len(kept)}


def _entered(row: Any) -> str:
    return next((str(row[key]) for key in _ENTERED if row.get(key)), "")


def _row(row: Any, day: date) -> Mapping[str, JsonValue]:
    if str(row.get("approved_on", "")) > day.isoformat():
        # The step had been requested and was waiting.
        still = {key: value for key, value in row.items() if key != "approved_on"}
        return {**still, "status": "pending"}
    if "days_overdue" in row:
        due = date.fromisoformat(row["due_date"])
        return {**row, "days_overdue": max(0, (day - due).days)}
    return dict(row)


def _told_of(
    content: Mapping[str, JsonValue], items: Sequence[Mapping[str, JsonValue]], day: date
) -> Mapping[str, JsonValue]:
    """Return what a result says of its items as a whole, for those that are left."""
    if "total_open" in content:
        overdue = [item for item in items if item["days_overdue"]]
        return {"total_open": _sums(items), "overdue_total": _sums(overdue)}
    if "lines" in content:
        return {"lines": _delivered(content["lines"], items)}
    if "status" in content and "invoice_id" in content:
        pending = any(item["status"] == "pending" for item in items)
        waits = "pending" if pending else content["status"]
        return {"status": waits if items else "no approval requested"}
    # Payments of one invoice: where there is none, the result says that it is not paid.
    return {"paid": False} if "invoice_id" in content and not items else {}


def _sums(items: Sequence[Mapping[str, JsonValue]]) -> list[JsonValue]:
    sums: dict[str, Decimal] = defaultdict(Decimal)
    for item in items:
        sums[str(item["currency"])] += Decimal(str(item["open_amount"]))
    return [{"currency": currency, "amount": f"{sums[currency]:f}"} for currency in sorted(sums)]


def _delivered(lines: Any, receipts: Sequence[Any]) -> list[JsonValue]:
    arrived: dict[int, Decimal] = defaultdict(Decimal)
    for receipt in receipts:
        for line in receipt["lines"]:
            arrived[line["number"]] += Decimal(line["quantity"])
    return [{**line, "quantity_received": f"{arrived[line['number']]:f}"} for line in lines]


FAULT = PartFault(
    id="tool_stale_value",
    seam=Seam.TOOLS,
    layer=Layer.TOOLS,
    summary="tools ask a copy of the books that is no longer refreshed",
    taxonomy=("RAGEC E15", "OWASP ASI02"),
    shows_in=("tool results that find nothing", "latest date in tool results", "abstentions"),
    blind=("groundedness", "tool calls", "latency", "status codes"),
    wrap=of_each(AsksAnOldCopy),
    find="Look for the latest date in all tool results of a day: it stands still. Ask a tool for "
    "the newest invoice, which it does not know.",
    fix="Let the refresh job report its age and tools refuse a copy that is older than agreed, "
    "or ask the ledger itself.",
)
