"""The tool that looks up the three-way match."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import INVOICE_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/invoices/{arguments['invoice_id']}/match", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="three_way_match",
        description=(
            "Why INV-2026-0042 failed the three-way match. What is wrong with INV-2026-0042 "
            "against its order and goods receipt. Where INV-2026-0042 differs from what was "
            "ordered and delivered. Discrepancy of price, quantity or tax, missing receipt, "
            "missing order, duplicate."
        ),
        parameters=parameters(["invoice_id"], invoice_id=INVOICE_ID),
    ),
    _run,
)
