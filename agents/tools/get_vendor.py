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
            "Contact person at Hansa Metall AG, and e-mail address. Whom we call or write "
            "to at Hansa Metall AG. Payment terms of Hansa Metall AG, how many days we have "
            "to pay. Early-payment discount of Hansa Metall AG, how many per cent within "
            "how many days. When the framework agreement with Hansa Metall AG ends. Notice "
            "period for getting out of the contract with Hansa Metall AG. Which tax "
            "treatment is agreed with Hansa Metall AG. In which currency we deal with Hansa "
            "Metall AG."
        ),
        parameters=parameters(["vendor_id"], vendor_id=VENDOR_ID),
    ),
    _run,
)
