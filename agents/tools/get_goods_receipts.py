"""The tool that looks up goods receipts."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import PO_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/purchase-orders/{arguments['po_id']}/receipts", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="get_goods_receipts",
        description=(
            "Goods receipts of one purchase order. How many were ordered on PO-2026-0011 "
            "and how many were received. Ordered and delivered quantity of cable on "
            "PO-2026-0011. How much of what we bought on PO-2026-0011 has arrived, and what "
            "is still missing. When the goods arrived, and who received them."
        ),
        parameters=parameters(["po_id"], po_id=PO_ID),
    ),
    _run,
)
