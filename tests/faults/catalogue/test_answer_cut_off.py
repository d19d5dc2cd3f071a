from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.chatting import TOOL, NotingModel, degraded, request


async def limits(severity: float = 1.0, **changes: object) -> list[int]:
    model = NotingModel()
    part = degraded("answer_cut_off", model, severity)
    for seed in range(300):
        await part.chat(request(seed, **changes))
    return [asked.max_tokens for asked in model.asked]


async def test_a_written_answer_gets_sixteen_tokens() -> None:
    assert set(await limits()) == {16}


async def test_calls_for_json_or_with_tools_keep_their_limits() -> None:
    assert set(await limits(schema={"type": "object"}, max_tokens=150)) == {150}
    assert set(await limits(tools=(TOOL,), max_tokens=200)) == {200}


async def test_a_limit_that_is_smaller_already_stays() -> None:
    assert set(await limits(max_tokens=8)) == {8}


async def test_a_share_of_questions_is_hit_and_grows_without_swapping() -> None:
    some, more = await limits(0.3), await limits(0.6)
    hit = [{n for n, limit in enumerate(found) if limit == 16} for found in (some, more)]
    assert 60 < len(hit[0]) < 120
    assert hit[0] < hit[1]


async def test_it_goes_together_with_another_fault_of_the_client() -> None:
    model = NotingModel()
    both = [ActiveFault("answer_cut_off"), ActiveFault("silent_fallback_mini")]
    await degrade_part(Seam.MODEL, model, both).chat(request())
    (asked,) = model.asked
    assert (asked.max_tokens, asked.model) == (16, "sim-mini")


def test_at_severity_0_the_client_is_the_very_same() -> None:
    model = NotingModel()
    assert degraded("answer_cut_off", model, 0.0) is model
