"""A tool gives amounts in cents, and takes all of them for euros.

Mechanism: a new client of the ledger returns amounts in the smallest unit of
their currency and leaves the currency to whoever called. The tool hands both on
as if nothing had changed: 1,190.00 becomes 119,000.00, and pounds become euros.
Severity is the probability that a request goes over the new client.
Taxonomy: RAGEC E16 (wrong values in what was read), OWASP ASI02.
A trace shows: amounts a hundred times those of the documents, totals against
lines of documents, one currency for all, the distribution of stated amounts.
Cannot show it: groundedness and the ledger match, since the answer agrees with
what the tool said; tool calls, rows, latency, status codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import Decimal

from agents.ports import JsonObject, JsonValue, Tool, ToolResult
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request, of_each
from faults.fault import Layer, Seam, Severity

AMOUNTS = frozenset(
    {
        *("net", "tax", "gross", "total", "amount", "open_amount"),
        *("unit_price", "benchmark_price", "discount_taken"),
    }
)


@dataclass(frozen=True, slots=True)
class ReadsCentsAsEuros(StandsIn):
    """Gives amounts in the smallest unit, as euros, for its share of the requests."""

    healthy: Tool
    severity: Severity

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        result = await self.healthy.call(arguments, luck)
        if not chosen_request("tool_unit_error", luck, self.severity):
            return result
        return replace(result, content=in_cents(result.content))


def in_cents(value: JsonValue, key: str = "") -> JsonValue:
    """Return a result with each amount times a hundred and each currency the euro."""
    if isinstance(value, Mapping):
        return {name: in_cents(each, name) for name, each in value.items()}
    if isinstance(value, list | tuple):
        return [in_cents(each) for each in value]
    if key == "currency" and isinstance(value, str):
        return "EUR"
    if key in AMOUNTS and isinstance(value, str):
        return f"{Decimal(value) * 100:.0f}"
    return value


FAULT = PartFault(
    id="tool_unit_error",
    seam=Seam.TOOLS,
    layer=Layer.TOOLS,
    summary="a tool gives amounts in cents and takes every currency for the euro",
    taxonomy=("RAGEC E16", "OWASP ASI02"),
    shows_in=("amounts of tool results", "amounts against documents", "currencies"),
    blind=("groundedness", "ledger match", "tool calls", "latency", "status codes"),
    wrap=of_each(ReadsCentsAsEuros),
    find="Compare a tool's amounts with those of the invoice or the order itself: they are a "
    "hundred times as large. Watch how the amounts that answers state are distributed.",
    fix="Take amounts over together with their unit and currency, in one type that cannot be "
    "read without them, and check a total against its lines.",
)
