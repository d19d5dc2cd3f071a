"""The tool that lists payments."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import INVOICE_ID, VENDOR_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    if not arguments:
        return {"error": "give invoice_id or vendor_id", "items": []}
    return await erp.get("/payments", arguments, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="list_payments",
        description=(
            "List payments made for an invoice or to a vendor: when it was paid, the amount, "
            "the payment run, discount taken, days late."
        ),
        parameters=parameters(invoice_id=INVOICE_ID, vendor_id=VENDOR_ID),
    ),
    _run,
)
