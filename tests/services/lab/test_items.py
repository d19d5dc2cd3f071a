from collections import Counter

import pytest

from corpus.ledger import World, WorldSettings, generate
from services.lab.errors import NothingToMeasure
from services.lab.items import ALL_WORDINGS, draw_follow_ups, draw_items


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings(7, 12, 60))


def test_as_many_questions_are_drawn_as_asked_for_and_each_once(world: World) -> None:
    items = draw_items(world, seed=3, count=50)
    assert len(items) == 50
    assert len({item.id for item in items}) == 50


def test_families_take_turns(world: World) -> None:
    counts = Counter(item.family for item in draw_items(world, seed=3, count=100))
    assert max(counts.values()) <= 100 / len(counts) + 2


def test_a_fact_is_asked_in_one_wording_and_all_wordings_occur(world: World) -> None:
    items = draw_items(world, seed=3, count=80)
    facts = [item.id.removesuffix(item.wording) for item in items]
    assert len(set(facts)) == len(facts)
    assert {"w1", "w2"} <= {item.wording for item in items} <= set(ALL_WORDINGS)


def test_the_same_seed_draws_the_same_questions_and_another_seed_others(world: World) -> None:
    one, same, other = (draw_items(world, seed, 30) for seed in (3, 3, 4))
    assert [item.id for item in one] == [item.id for item in same]
    assert [item.id for item in one] != [item.id for item in other]


def test_a_question_judges_its_own_answer(world: World) -> None:
    items = [item for item in draw_items(world, 3, 60) if item.answerable]
    assert not any(item.is_right("I could not find this.", True) for item in items)


def test_no_question_is_an_error(world: World) -> None:
    with pytest.raises(NothingToMeasure):
        draw_items(world, seed=3, count=0)


def test_follow_ups_bring_what_is_asked_before_them_and_their_families_take_turns(
    world: World,
) -> None:
    items = draw_follow_ups(world, seed=3, count=36)
    assert len({item.id for item in items}) == 36
    assert all(item.before for item in items)
    assert max(Counter(item.family for item in items).values()) <= 3
    assert draw_follow_ups(world, seed=3, count=0) == []
