"""The payment tools fail.

Mechanism: the interface to the payment system was switched off, or its
credentials ran out, and every call of the tools that look payments up ends in
an error. Nobody hides it: the supervisor goes another way where there is one.
Severity is the probability that a request meets the failure.
Taxonomy: none of the silent ones; it is in the catalogue for contrast.
A trace shows: spans with status ERROR on the tool and on its agent, the
exception, a fallback; the error rate shows the same.
Cannot show it: nothing is hidden.
"""

from __future__ import annotations

from dataclasses import dataclass

from agents.errors import ToolError
from agents.ports import JsonObject, Tool, ToolResult
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request, of_each
from faults.fault import Claim, Kind, Layer, Seam, Severity

PAYMENT_TOOLS = frozenset({"list_payments", "vendor_payments"})


@dataclass(frozen=True, slots=True)
class Fails(StandsIn):
    """Raises ``ToolError`` for its share of the requests."""

    healthy: Tool
    severity: Severity

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        if chosen_request("tool_raises", luck, self.severity):
            raise ToolError("the payment system refused the connection")
        return await self.healthy.call(arguments, luck)


def _wrap(tool: Tool, severity: Severity) -> Tool:
    return Fails(tool, severity) if tool.definition.name in PAYMENT_TOOLS else tool


FAULT = PartFault(
    id="tool_raises",
    seam=Seam.TOOLS,
    layer=Layer.TOOLS,
    summary="the tools that look payments up fail with an error",
    taxonomy=(),
    shows_in=("span status", "exceptions", "error rate", "fallbacks"),
    blind=(),
    wrap=of_each(_wrap),
    find="The error rate says it, and the first span with status ERROR names the tool.",
    fix="Restore the interface to the payment system.",
    kind=Kind.LOUD,
    claim=Claim("error_rate", "higher"),
)
