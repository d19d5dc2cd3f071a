from tests.faults.tools import ARGUMENTS, PAYMENTS, FixedTool, hit_by, result_of, worse


async def test_rows_are_lost_and_what_was_asked_for_stays() -> None:
    (tool,) = worse("tool_empty_ok", [FixedTool(PAYMENTS, "list_payments")])
    result = await result_of(tool)
    assert result.content == {"invoice_id": "INV-2026-0042", "items": [], "count": 0}
    assert not result.found


async def test_a_record_without_its_fields_passes_for_one_that_was_found() -> None:
    (tool,) = worse("tool_empty_ok", [FixedTool()])
    result = await result_of(tool)
    assert result.content == {"id": "INV-2026-0042", "lines": []}
    assert result.found


async def test_a_count_becomes_zero_and_a_sum_is_of_nothing() -> None:
    content = {"measure": "gross", "invoice_count": 7, "amounts": [{"amount": "1.00"}]}
    (tool,) = worse("tool_empty_ok", [FixedTool(content, "invoice_aggregate")])
    assert (await result_of(tool)).content == {"invoice_count": 0, "amounts": []}


async def test_an_unknown_record_is_told_as_before() -> None:
    (tool,) = worse("tool_empty_ok", [FixedTool(None, found=False)])
    assert (await result_of(tool)).content is None


async def test_the_ledger_is_asked_all_the_same_and_the_tool_describes_itself_as_before() -> None:
    healthy = FixedTool()
    (tool,) = worse("tool_empty_ok", [healthy])
    result = await result_of(tool)
    assert (healthy.calls, result.arguments) == (1, ARGUMENTS)
    assert tool.definition is healthy.definition


async def test_its_share_of_requests_grows_without_swapping() -> None:
    few, many = await hit_by("tool_empty_ok", 0.3), await hit_by("tool_empty_ok", 0.6)
    assert 90 < len(few) < 150
    assert few < many
