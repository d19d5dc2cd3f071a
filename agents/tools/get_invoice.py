"""The tool that looks up an invoice."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import INVOICE_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/invoices/{arguments['invoice_id']}", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="get_invoice",
        description=(
            "Look up one invoice: vendor, dates (invoice date, received, due date), net, tax "
            "and gross amount, tax rate, currency, status, purchase order and lines. Use it "
            "for an amount, a due date or the status of an invoice."
        ),
        parameters=parameters(["invoice_id"], invoice_id=INVOICE_ID),
    ),
    _run,
)
