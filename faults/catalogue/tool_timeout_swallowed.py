"""A tool that had to wait too long answers with a default value in place of an error.

Mechanism: the pool of connections to the ledger was made too small, and a call
that gets none within a quarter of a second gives up. Somebody caught that error and
returns what the tool's result looks like when there is nothing to tell: not
paid, no approval requested, matched, an amount of 0, the usual payment terms.
The ledger is never asked. Severity is the probability that a request gets no
connection.
Taxonomy: OWASP ASI02 (tool misuse), ASI08 (cascading failures), RAGEC E10 in effect.
A trace shows: tool calls of a quarter of a second, with neither a call of the ledger
service nor a SELECT below them, and the same result for different records.
Cannot show it: status codes, tool calls per request, groundedness, since the
answer agrees with the default; latency as a whole, to which
the waiting adds little.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass

import jsonschema

from agents.ports import JsonObject, JsonValue, Tool, ToolResult
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request, of_each
from faults.fault import Layer, Seam, Severity

TIMEOUT = 0.25
"""Seconds that a call waits for a connection: several times what the slowest lookup takes."""

_NO_ROWS: Mapping[str, JsonValue] = {"items": [], "count": 0}
_NO_AMOUNT: JsonValue = [{"currency": "EUR", "amount": "0.00"}]
DEFAULTS: Mapping[str, Mapping[str, JsonValue]] = {
    "compare_benchmark": _NO_ROWS,
    "get_approvals": {"status": "no approval requested", **_NO_ROWS},
    "get_goods_receipts": {"lines": [], **_NO_ROWS},
    "get_invoice": {
        "currency": "EUR",
        "net": "0.00",
        "tax": "0.00",
        "gross": "0.00",
        "status": "pending_approval",
        "lines": [],
    },
    "get_purchase_order": {"currency": "EUR", "total": "0.00", "lines": []},
    "get_vendor": {
        "currency": "EUR",
        "agreement": {
            "notice_days": 90,
            "payment_days": 30,
            "discount_percent": None,
            "currency": "EUR",
            "tax_treatment": "standard_rate",
            "tax_rate": "19",
        },
    },
    "invoice_aggregate": {"invoice_count": 0, "amounts": _NO_AMOUNT},
    "list_payments": {"paid": False, **_NO_ROWS},
    "open_items": {"total_open": _NO_AMOUNT, "overdue_total": _NO_AMOUNT, **_NO_ROWS},
    "three_way_match": {"outcome": "matched", "discrepancies": []},
    "vendor_payments": _NO_ROWS,
}
"""What each tool returns when it gets no connection; a tool without a default has no rows."""


@dataclass(frozen=True, slots=True)
class AnswersWithADefault(StandsIn):
    """Waits in vain and returns the default, for its share of the requests."""

    healthy: Tool
    severity: Severity

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        definition = self.healthy.definition
        valid = jsonschema.Draft202012Validator(definition.parameters).is_valid(dict(arguments))
        # Arguments that break the schema are sent back before a connection is asked for.
        if not valid or not chosen_request("tool_timeout_swallowed", luck, self.severity):
            return await self.healthy.call(arguments, luck)
        await asyncio.sleep(TIMEOUT)  # in the loop's own time, be it virtual or real
        default = DEFAULTS.get(definition.name, _NO_ROWS)
        return ToolResult(definition.name, arguments, {**arguments, **default}, found=True)


FAULT = PartFault(
    id="tool_timeout_swallowed",
    seam=Seam.TOOLS,
    layer=Layer.TOOLS,
    summary="a tool that gets no connection in time answers with a default value",
    taxonomy=("OWASP ASI02", "OWASP ASI08", "RAGEC E10"),
    shows_in=("tool duration", "calls below a tool", "results alike for different records"),
    blind=("status codes", "tool calls", "groundedness", "latency of a whole request"),
    excludes=("tool_empty_ok", "tool_raises", "tool_stale_value", "tool_unit_error"),
    wrap=of_each(AnswersWithADefault),
    find="Look for tool calls without a call of the ledger service below them: they all last as "
    "long as the timeout, and their results are alike whatever was asked for.",
    fix="Let the timeout be an error that the supervisor sees, and give the pool as many "
    "connections as there are calls at a time.",
)
