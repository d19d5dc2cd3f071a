"""The tool that looks up a purchase order."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import PO_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/purchase-orders/{arguments['po_id']}", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="get_purchase_order",
        description=(
            "Look up one purchase order: vendor, order date, delivery date, requester, cost "
            "center, total and ordered lines with quantities and prices."
        ),
        parameters=parameters(["po_id"], po_id=PO_ID),
    ),
    _run,
)
