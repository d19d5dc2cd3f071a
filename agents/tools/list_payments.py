"""The tool that lists the payments of an invoice."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import INVOICE_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get("/payments", arguments, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="list_payments",
        description=(
            "Payment of one invoice. When INV-2026-0042 was paid. On which date the money "
            "for INV-2026-0042 went out. The day on which INV-2026-0042 was settled and the "
            "vendor got its money. Payment run, amount paid, discount taken, days late."
        ),
        parameters=parameters(["invoice_id"], invoice_id=INVOICE_ID),
    ),
    _run,
)
