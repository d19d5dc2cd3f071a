from agents.tools.spec import tool_specs
from corpus.luck import Luck
from faults.catalogue.tool_timeout_swallowed import DEFAULTS, TIMEOUT
from services.virtual_time import VirtualClock, run_virtual
from tests.faults.tools import ARGUMENTS, FixedTool, result_of, worse

FAULT = "tool_timeout_swallowed"


def test_a_default_comes_after_the_timeout_and_the_ledger_is_not_asked() -> None:
    healthy = FixedTool(name="list_payments")
    (tool,) = worse(FAULT, [healthy])
    clock = VirtualClock(0)

    async def call() -> tuple[object, int]:
        result = await result_of(tool)
        return result, clock.now_ns()

    result, now = run_virtual(call())
    assert now == TIMEOUT * 1e9
    assert healthy.calls == 0
    assert result.found
    assert result.content == {**ARGUMENTS, "paid": False, "items": [], "count": 0}


def test_every_tool_of_the_application_has_a_default() -> None:
    assert set(DEFAULTS) == {spec.definition.name for spec in tool_specs()}


def test_arguments_that_break_the_schema_are_sent_back_as_before() -> None:
    healthy = FixedTool()
    (tool,) = worse(FAULT, [healthy])
    run_virtual(tool.call({"invoice_id": "42"}, Luck(1)))
    assert healthy.calls == 1


def test_its_share_of_requests_grows_without_swapping() -> None:
    async def waited(severity: float) -> set[int]:
        healthy = FixedTool()
        (tool,) = worse(FAULT, [healthy], severity)
        hit = set()
        for seed in range(400):
            before = healthy.calls
            await result_of(tool, seed)
            if healthy.calls == before:
                hit.add(seed)
        return hit

    few, many = run_virtual(waited(0.3)), run_virtual(waited(0.6))
    assert 90 < len(few) < 150
    assert few < many
