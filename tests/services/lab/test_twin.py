import pytest

from faults.plan import HEALTHY, parse_plan
from services.client import GatewayError, Question
from services.lab.story import compare_traces
from services.lab.twin import ask_twins, ask_under
from tests.services.lab.fakes import FakeSystem

PLAN = parse_plan(["filter_dropped"])


async def test_twins_have_one_seed_and_no_session_and_differ_by_the_fault() -> None:
    system = FakeSystem()
    twins = await ask_twins(system, Question("What is 4?", session_id="s", seed=3), PLAN)
    assert system.seeds == [("What is 4?", 3)] * 2
    assert twins.healthy.answer["answer"] == "4"
    assert twins.degraded.answer["answer"] == "0"
    steps = compare_traces(twins.healthy.spans, twins.degraded.spans)
    assert next(step.stage for step in steps if step.parts_here) == "search space"


async def test_twins_without_a_fault_part_nowhere() -> None:
    twins = await ask_twins(FakeSystem(), Question("What is 4?", seed=3), HEALTHY)
    assert all(step.same for step in compare_traces(twins.healthy.spans, twins.degraded.spans))


async def test_the_plan_is_taken_back_even_if_the_gateway_fails() -> None:
    system = FakeSystem(failing=frozenset({4}))
    with pytest.raises(GatewayError):
        await ask_under(system, Question("What is 4?", seed=3), PLAN)
    assert system.plan.plan == HEALTHY


async def test_twins_without_a_seed_are_refused() -> None:
    with pytest.raises(ValueError, match="same luck"):
        await ask_twins(FakeSystem(), Question("What is 4?"), PLAN)


async def test_each_twin_goes_on_with_a_conversation_of_its_own() -> None:
    system = FakeSystem()
    await ask_twins(system, Question("What is 4?", seed=3), PLAN, before="What is 7?")
    asked = [question for question, _ in system.seeds]
    assert asked == ["What is 7?", "What is 4?"] * 2
    healthy, degraded = system.sessions[:2], system.sessions[2:]
    assert len(set(healthy)) == len(set(degraded)) == 1
    assert healthy != degraded
