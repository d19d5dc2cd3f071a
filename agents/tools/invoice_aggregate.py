"""The tool that counts or sums invoices."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import VENDOR_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get("/aggregates/invoices", arguments, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="invoice_aggregate",
        description=(
            "How many invoices of May 2026 are on hold. Number of bills of Hansa Metall AG "
            "by status. Count of the invoices of Hansa Metall AG that are paid. Sum of all "
            "invoices of Hansa Metall AG dated in March 2026. How much Hansa Metall AG "
            "billed or charged us in March 2026, VAT included. Our spend with Hansa Metall "
            "AG in one month."
        ),
        parameters=parameters(
            ["measure"],
            measure={
                "type": "string",
                "enum": ["count", "gross", "net", "tax"],
                "description": "count = how many invoices; gross = sum with tax, what was billed "
                "or spent in all; net = sum without tax; tax = sum of the tax alone",
            },
            vendor_id=VENDOR_ID,
            status={
                "type": "string",
                "enum": ["paid", "scheduled", "pending_approval", "on_hold"],
                "description": "paid = money is out; scheduled = scheduled for payment; "
                "pending_approval = waiting for approval; on_hold = blocked",
            },
            month={
                "type": "string",
                "pattern": r"^\d{4}-(0[1-9]|1[0-2])$",
                "description": "only invoices dated in this month, YYYY-MM",
            },
        ),
    ),
    _run,
)
