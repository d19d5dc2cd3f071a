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
            "One invoice by its number: amounts, tax, currency, status, order number and "
            "lines. Gross total of INV-2026-0042, what it costs us in all, tax included. "
            "Net amount of INV-2026-0042, without VAT. How much VAT or tax is on "
            "INV-2026-0042. When INV-2026-0042 is due, by which day it has to be paid. When "
            "INV-2026-0042 is dated or was received. What status INV-2026-0042 has, and "
            "which order it belongs to."
        ),
        parameters=parameters(["invoice_id"], invoice_id=INVOICE_ID),
    ),
    _run,
)
