"""The tool that looks up a vendor."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import VENDOR_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/vendors/{arguments['vendor_id']}", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="get_vendor",
        description=(
            "One vendor: full name, line of business, country, city, currency, tax number. "
            "Contact person at Hansa Metall AG, and e-mail address. Payment terms, early- "
            "payment discount, end and notice period agreed with Hansa Metall AG. Which tax "
            "treatment is agreed with Hansa Metall AG."
        ),
        parameters=parameters(["vendor_id"], vendor_id=VENDOR_ID),
    ),
    _run,
)
