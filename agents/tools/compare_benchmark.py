"""The tool that looks up a benchmark comparison."""

from __future__ import annotations

from collections.abc import Mapping

from agents.ports import Erp, JsonValue, ToolDefinition
from agents.tools.spec import PO_ID, ToolSpec, parameters
from corpus.luck import Luck


async def _run(erp: Erp, arguments: Mapping[str, str], luck: Luck) -> JsonValue:
    return await erp.get(f"/benchmarks/purchase-orders/{arguments['po_id']}", {}, luck)


SPEC = ToolSpec(
    ToolDefinition(
        name="compare_benchmark",
        description=(
            "Prices of PO-2026-0011 against the market benchmark, in per cent. Whether we "
            "overpaid or paid less than the market for an item of PO-2026-0011. How far "
            "above or below the reference price we bought cable on PO-2026-0011. Was it "
            "dear or cheap compared with others."
        ),
        parameters=parameters(["po_id"], po_id=PO_ID),
    ),
    _run,
)
