from collections import Counter

import pytest

from agents.memory import carried_over
from agents.ports import Turn
from corpus.ledger import World, WorldSettings, generate
from corpus.ports import Entity
from corpus.questions import (
    FOLLOW_UP,
    Question,
    QuestionDataError,
    build_follow_ups,
    build_questions,
    follow_up_families,
)


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings())


@pytest.fixture(scope="module")
def questions(world: World) -> list[Question]:
    return build_follow_ups(world, seed=1, per_family=10)


def test_a_follow_up_asks_for_a_fact_of_another_family_with_the_same_gold_answer(
    world: World, questions: list[Question]
) -> None:
    plain = {q.id: q for q in build_questions(world, seed=1, per_family=10_000)}
    for question in questions:
        same = plain[question.id.removeprefix(FOLLOW_UP)]
        assert (question.gold, question.evidence, question.subject) == (
            same.gold,
            same.evidence,
            same.subject,
        )
        assert question.text != same.text


def test_what_it_is_about_is_named_before_and_not_in_it(
    world: World, questions: list[Question]
) -> None:
    names = {vendor.id: vendor.name for vendor in world.vendors}
    for question in questions:
        named = names.get(question.subject, question.subject)
        assert named in question.before
        assert named not in question.text


def test_the_question_before_asks_for_something_else(
    world: World, questions: list[Question]
) -> None:
    families = {q.text: q.family for q in build_questions(world, seed=1, per_family=10_000)}
    assert all(families[q.before] != q.family.removeprefix(FOLLOW_UP) for q in questions)


def test_every_follow_up_takes_over_what_was_spoken_of(questions: list[Question]) -> None:
    kinds = {"INV": "invoice", "PO-": "purchase_order", "V-1": "vendor"}
    for question in questions:
        about = Entity(kinds[question.subject[:3]], question.subject, question.subject)
        turns = [Turn(question.before, "", [about])]
        assert list(carried_over(question.text, (), turns)) == [about], question.text


def test_families_are_named_for_what_they_follow_and_are_balanced(
    questions: list[Question],
) -> None:
    counts = Counter(question.family for question in questions)
    assert sorted(counts) == follow_up_families()
    assert set(counts.values()) == {20}


def test_the_same_seed_asks_the_same_and_only_what_is_wanted_is_built(
    world: World, questions: list[Question]
) -> None:
    assert build_follow_ups(world, seed=1, per_family=10) == questions
    due = build_follow_ups(world, seed=1, per_family=10, only=["follow_up_due_date"])
    assert due == [q for q in questions if q.family == "follow_up_due_date"]
    with pytest.raises(QuestionDataError, match="due_date"):
        build_follow_ups(world, only=["due_date"])
