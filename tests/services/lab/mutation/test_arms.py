"""The same questions are asked in every arm, with the same luck, and compared one by one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from agents.ports import Evidence
from corpus.luck import Luck
from corpus.ports import Query
from corpus.questions import Kind, Question
from corpus.questions.question import one
from services.changes import NO_CHANGES, Changes
from services.lab.mutation.arms import Check, Mutation, run_check
from services.lab.mutation.report import as_json, moved
from services.lab.mutation.shuffling import ShuffledSearch
from tests.services.lab.fakes import FakeSystem


def _question(number: int, gold: int | None = None) -> Question:
    return Question(
        id=f"family-{number}-w1",
        family="family",
        wording="w1",
        text=f"What is {number}?",
        gold=one(Kind.NUMBER, str(number if gold is None else gold)),
        evidence=(),
        routes=frozenset(),
        answerable=True,
    )


async def _check(wrong: int) -> tuple[Check, list[FakeSystem]]:
    systems: list[FakeSystem] = []

    @asynccontextmanager
    async def open_system(changes: Changes) -> AsyncIterator[FakeSystem]:
        systems.append(FakeSystem())
        yield systems[-1]

    questions = [_question(number) for number in range(1, 41)]
    changed = [_question(n, 999 if n <= wrong else None) for n in range(1, 41)]
    mutation = Mutation("other", "something else", NO_CHANGES, changed, changed=40)
    return await run_check(open_system, questions, [mutation], 7, lambda *_: None), systems


async def test_arms_share_questions_and_luck() -> None:
    _, (before, after) = await _check(wrong=0)
    assert sorted(before.seeds) == sorted(after.seeds)


async def test_two_of_forty_are_within_five_points_and_three_are_not() -> None:
    check, _ = await _check(wrong=2)
    arm = moved(check.mutated[0], check.unchanged)
    assert arm.difference.value == -0.05
    assert arm.difference.low < -0.05 <= arm.difference.high
    assert arm.is_within
    assert arm.answers == 0
    assert [was.item_id for was, _ in arm.lost] == ["family-1-w1", "family-2-w1"]
    check, _ = await _check(wrong=3)
    assert not moved(check.mutated[0], check.unchanged).is_within


async def test_the_report_names_what_was_lost() -> None:
    check, _ = await _check(wrong=3)
    report = as_json(check)
    assert report["within"] is False
    (arm,) = report["mutations"]
    assert arm["families"] == [{"family": "family", "n": 40, "before": 40, "after": 37}]
    assert [each["expected"] for each in arm["lost"]] == ["999"] * 3


class _InOrder:
    async def search(self, query: Query) -> list[Evidence]:
        return [Evidence(str(n), "DOC", "", f"passage {n}") for n in range(5)]


async def test_shuffling_keeps_every_passage_and_follows_the_luck_of_the_request() -> None:
    search = ShuffledSearch(_InOrder())
    orders = {
        tuple(piece.id for piece in await search.search(Query("q", luck=Luck(seed))))
        for seed in (1, 2, 3, 1)
    }
    assert len(orders) == 3
    assert all(sorted(order) == ["0", "1", "2", "3", "4"] for order in orders)
