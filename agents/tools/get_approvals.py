"""The tool that looks up approvals."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import INVOICE_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/invoices/{arguments['invoice_id']}/approvals", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="get_approvals",
        description=(
            "Approvals of one invoice. Who approved INV-2026-0042, and when. Who signed off "
            "or released INV-2026-0042, and on which day. By whom and on what date "
            "INV-2026-0042 was authorised. Which approval of INV-2026-0042 is still "
            "pending."
        ),
        parameters=parameters(["invoice_id"], invoice_id=INVOICE_ID),
    ),
    _run,
)
