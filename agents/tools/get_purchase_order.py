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
            "One purchase order by its number: vendor, order date, requester, cost center. "
            "Net total of PO-2026-0011. What the order PO-2026-0011 comes to, without tax. "
            "What was ordered on PO-2026-0011, in which quantities and at which prices."
        ),
        parameters=parameters(["po_id"], po_id=PO_ID),
    ),
    _run,
)
