from dataclasses import replace

from tests.faults.tools import INVOICE, PAYMENTS, FixedTool, hit_by, result_of, worse

FAULT = "tool_unit_error"


async def test_amounts_are_a_hundred_times_as_large_and_all_else_stays() -> None:
    (tool,) = worse(FAULT, [FixedTool()])
    result = await result_of(tool)
    assert result.content == {
        **INVOICE,
        "currency": "EUR",
        "gross": "119000",
        "lines": [{"number": 1, "unit_price": "992", "net": "100000", "quantity": "7"}],
    }
    assert replace(result, content=INVOICE) == await result_of(FixedTool())


async def test_the_amounts_of_rows_are_hit_too() -> None:
    (tool,) = worse(FAULT, [FixedTool(PAYMENTS, "list_payments")])
    items = (await result_of(tool)).content["items"]
    assert [item["amount"] for item in items] == ["50000", "69000"]


async def test_a_record_that_is_not_there_stays_so() -> None:
    (tool,) = worse(FAULT, [FixedTool(None, found=False)])
    assert (await result_of(tool)).content is None


async def test_its_share_of_requests_grows_without_swapping() -> None:
    few, many = await hit_by(FAULT, 0.3), await hit_by(FAULT, 0.6)
    assert 90 < len(few) < 150
    assert few < many


async def test_it_goes_together_with_another_fault_of_the_tools() -> None:
    (tool,) = worse("tool_stale_value", worse(FAULT, [FixedTool(PAYMENTS, "list_payments")]))
    items = (await result_of(tool)).content
    assert items["items"] == []
    (tool,) = worse("tool_stale_value", worse(FAULT, [FixedTool(PAYMENTS, "list_payments")]), 0.5)
    assert [item["amount"] for item in (await result_of(tool)).content["items"]] == ["50000"]
