from dataclasses import replace

import pytest

from faults.fault import Seam
from faults.plan import HEALTHY, FaultPlan, parse_plan
from services.lab.errors import NothingToMeasure
from services.lab.measure import PAUSE_SECONDS, run_arm
from services.lab.measures import MEASURES, exposed_accuracy, status_codes
from tests.services.lab.fakes import FakeSystem, item

ITEMS = [item(number) for number in range(1, 11)]


def measured(key: str, outcomes) -> float:
    return next(m for m in MEASURES if m.key == key).estimate(outcomes).value


async def test_each_question_has_the_same_seed_in_every_arm() -> None:
    system = FakeSystem()
    await run_arm(system, "healthy", HEALTHY, ITEMS, seed=1)
    await run_arm(system, "misroute", parse_plan(["misroute"]), ITEMS, seed=1)
    first, second = system.seeds[:10], system.seeds[10:]
    assert sorted(first) == sorted(second)
    assert len({seed for _, seed in first}) == 10


async def test_the_plan_is_in_force_for_its_arm_and_is_taken_back() -> None:
    system = FakeSystem()
    healthy = await run_arm(system, "healthy", HEALTHY, ITEMS, seed=1)
    arm = await run_arm(system, "filter_dropped", parse_plan(["filter_dropped"]), ITEMS, seed=1)
    assert measured("accuracy", healthy.outcomes) == 1.0
    assert measured("accuracy", arm.outcomes) == 0.5
    assert system.plan.plan == HEALTHY


async def test_what_the_plan_needs_is_built_ahead() -> None:
    system, plan = FakeSystem(), parse_plan(["chunks_tiny"])
    await run_arm(system, "chunks_tiny", plan, ITEMS[:1], seed=1)
    assert system.prepared == [plan]


async def test_exposed_questions_are_those_whose_healthy_run_uses_the_part() -> None:
    system = FakeSystem()
    healthy = await run_arm(system, "healthy", HEALTHY, ITEMS, seed=1)
    arm = await run_arm(system, "filter_dropped", parse_plan(["filter_dropped"]), ITEMS, seed=1)
    estimate = exposed_accuracy(arm, healthy)
    assert (estimate.value, estimate.n) == (0.0, 5)
    assert exposed_accuracy(healthy, healthy).n == 10


async def test_a_searched_question_uses_the_prepared_index_and_another_does_not() -> None:
    system = FakeSystem()
    healthy = await run_arm(system, "healthy", HEALTHY, [item(2), item(3)], seed=1)
    searched, not_searched = healthy.outcomes
    assert Seam.CHUNKER in searched.exposed
    assert Seam.CHUNKER not in not_searched.exposed
    assert Seam.ROUTES in not_searched.exposed


async def test_a_failed_request_is_unavailable_and_wrong_and_keeps_its_place() -> None:
    system = FakeSystem(failing=frozenset({3}))
    arm = await run_arm(system, "healthy", HEALTHY, ITEMS, seed=1)
    assert status_codes(arm.outcomes) == {200: 9, 503: 1}
    assert measured("availability", arm.outcomes) == 0.9
    assert [outcome.item_id for outcome in arm.outcomes] == [each.id for each in ITEMS]
    assert not arm.outcomes[2].correct


async def test_progress_counts_to_the_end() -> None:
    told: list[tuple[int, int]] = []
    await run_arm(
        FakeSystem(), "healthy", HEALTHY, ITEMS, 1, progress=lambda *done: told.append(done)
    )
    assert told == [(number, 10) for number in range(1, 11)]


async def test_nothing_to_ask_is_an_error() -> None:
    with pytest.raises(NothingToMeasure):
        await run_arm(FakeSystem(), "healthy", FaultPlan(), [], seed=1)


async def test_what_comes_before_is_asked_first_in_the_same_session() -> None:
    system = FakeSystem()
    leaning = replace(item(2), before="What is 7?")
    arm = await run_arm(system, "healthy", HEALTHY, [leaning, item(3)], seed=1, concurrency=1)
    assert [question for question, _ in system.seeds] == ["What is 7?", "What is 2?", "What is 3?"]
    first, second, alone = system.sessions
    assert first == second
    assert first
    assert alone is None
    assert [outcome.question for outcome in arm.outcomes] == ["What is 2?", "What is 3?"]
    assert system.clock.slept == [PAUSE_SECONDS]


async def test_a_conversation_has_the_same_luck_in_every_arm_and_no_arm_remembers_another() -> None:
    system = FakeSystem()
    leaning = [replace(item(n), before="What is 7?") for n in (2, 4)]
    for _ in range(2):
        await run_arm(system, "healthy", HEALTHY, leaning, seed=1, concurrency=1)
    assert system.seeds[:4] == system.seeds[4:]
    assert len({seed for _, seed in system.seeds}) == 4
    assert len(set(system.sessions)) == 4
    assert system.workflow.forgotten == 2


async def test_a_failure_of_what_comes_before_leaves_the_question_to_be_asked() -> None:
    system = FakeSystem(failing=frozenset({7}))
    arm = await run_arm(system, "healthy", HEALTHY, [replace(item(2), before="What is 7?")], seed=1)
    assert arm.outcomes[0].correct
