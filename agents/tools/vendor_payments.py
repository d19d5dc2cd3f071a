"""The tool that lists the payments to a vendor."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import VENDOR_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get("/payments", arguments, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="vendor_payments",
        description=(
            "All payments made to one vendor. Everything that Hansa Metall AG was paid, "
            "with dates and amounts. List of the transfers to Hansa Metall AG."
        ),
        parameters=parameters(["vendor_id"], vendor_id=VENDOR_ID),
    ),
    _run,
)
