"""The tool that lists open items."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import VENDOR_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/vendors/{arguments['vendor_id']}/open-items", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="open_items",
        description=(
            "What we still owe one vendor. Total open amount of Hansa Metall AG. Sum of "
            "everything not yet paid to Hansa Metall AG. Our debt to Hansa Metall AG, its "
            "outstanding balance. Unpaid and overdue invoices of Hansa Metall AG."
        ),
        parameters=parameters(["vendor_id"], vendor_id=VENDOR_ID),
    ),
    _run,
)
