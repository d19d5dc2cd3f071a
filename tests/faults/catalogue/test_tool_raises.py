import pytest

from agents.errors import ToolError
from faults.registry import catalogue
from tests.faults.tools import FixedTool, result_of, worse


@pytest.mark.parametrize("name", ["list_payments", "vendor_payments"])
async def test_payment_tools_fail_with_an_error(name: str) -> None:
    (tool,) = worse("tool_raises", [FixedTool(name=name)])
    with pytest.raises(ToolError, match="payment system"):
        await result_of(tool)


async def test_the_other_tools_are_the_very_same() -> None:
    healthy = FixedTool()
    assert list(worse("tool_raises", [healthy])) == [healthy]


async def test_it_fails_for_its_share_of_the_requests() -> None:
    (tool,) = worse("tool_raises", [FixedTool(name="list_payments")], 0.3)
    failed = 0
    for seed in range(400):
        try:
            await result_of(tool, seed)
        except ToolError:
            failed += 1
    assert 90 < failed < 150


def test_it_is_loud_and_claims_the_error_rate() -> None:
    fault = catalogue().get("tool_raises")
    assert (fault.kind, fault.claim.measure) == ("loud", "error_rate")
