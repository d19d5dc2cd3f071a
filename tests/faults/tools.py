"""Tools and a memory without an application around them."""

from __future__ import annotations

from collections.abc import Sequence

from agents.ports import JsonObject, JsonValue, Tool, ToolDefinition, ToolResult
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

INVOICE: JsonObject = {
    "id": "INV-2026-0042",
    "vendor": "Nordkai Logistik GmbH",
    "received_on": "2026-05-14",
    "currency": "GBP",
    "gross": "1190.00",
    "status": "on_hold",
    "lines": [{"number": 1, "unit_price": "9.92", "net": "1000.00", "quantity": "7"}],
}
PAYMENTS: JsonObject = {
    "invoice_id": "INV-2026-0042",
    "vendor": "Nordkai Logistik GmbH",
    "items": [
        {"id": "PAY-1", "paid_on": "2026-04-10", "currency": "EUR", "amount": "500.00"},
        {"id": "PAY-2", "paid_on": "2026-06-12", "currency": "EUR", "amount": "690.00"},
    ],
    "count": 2,
}


class FixedTool:
    """Gives the same result whatever it is asked for; counts its calls."""

    def __init__(
        self, content: JsonValue = INVOICE, name: str = "get_invoice", found: bool = True
    ) -> None:
        self._content, self._found = content, found
        self.calls = 0
        self.definition = ToolDefinition(
            name,
            f"about {name}",
            {
                "type": "object",
                "properties": {"invoice_id": {"type": "string", "pattern": "^INV-"}},
                "additionalProperties": False,
            },
        )

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        self.calls += 1
        return ToolResult(self.definition.name, arguments, self._content, self._found)


ARGUMENTS: JsonObject = {"invoice_id": "INV-2026-0042"}


def worse(fault_id: str, tools: Sequence[Tool], severity: float = 1.0) -> Sequence[Tool]:
    """Return tools under a fault."""
    return degrade_part(Seam.TOOLS, tools, [ActiveFault(fault_id, severity)])


async def result_of(tool: Tool, seed: int = 1) -> ToolResult:
    """Call a tool with a request's luck."""
    return await tool.call(ARGUMENTS, Luck(seed))


async def hit_by(fault_id: str, severity: float, requests: int = 400) -> set[int]:
    """Return the seeds of the requests to which a fault gives another result."""
    healthy = await result_of(FixedTool())
    (tool,) = worse(fault_id, [FixedTool()], severity)
    return {seed for seed in range(requests) if await result_of(tool, seed) != healthy}
