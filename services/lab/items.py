"""Draws questions of the example company, with the means to judge their answers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from math import ceil

from corpus.ledger import World
from corpus.luck import Luck
from corpus.questions import (
    Question,
    all_families,
    build_follow_ups,
    build_questions,
    follow_up_families,
    judge,
)
from services.lab.errors import NothingToMeasure
from services.lab.outcome import Item

KNOWN_WORDINGS = ("w1", "w2")
HELD_OUT_WORDINGS = ("w3", "w4")
ALL_WORDINGS = (*KNOWN_WORDINGS, *HELD_OUT_WORDINGS)


def all_items(
    world: World, seed: int, per_family: int, wordings: Sequence[str] = ALL_WORDINGS
) -> list[Item]:
    """Return ``per_family`` facts of each family in each wording, in a fixed order."""
    return [item_of(question) for question in build_questions(world, seed, per_family, wordings)]


def draw_items(
    world: World, seed: int, count: int, wordings: Sequence[str] = ALL_WORDINGS
) -> list[Item]:
    """Return ``count`` questions as items, drawn as ``draw_questions`` draws them."""
    return [item_of(question) for question in draw_questions(world, seed, count, wordings)]


def draw_questions(
    world: World, seed: int, count: int, wordings: Sequence[str] = ALL_WORDINGS
) -> list[Question]:
    """Return ``count`` questions, families taking turns, each fact in one wording.

    Raises ``NothingToMeasure`` for a count below one.
    """
    if count < 1:
        raise NothingToMeasure(f"{count} questions were asked for; ask for at least one")
    per_family = ceil(2 * count / len(all_families()))
    return _in_turns(build_questions(world, seed, per_family, wordings), seed, count)


def draw_follow_ups(
    world: World, seed: int, count: int, wordings: Sequence[str] = ALL_WORDINGS
) -> list[Item]:
    """Return ``count`` questions that lean on one before them, families taking turns.

    They are asked in the known wordings alone; without any of those there are none.
    """
    if count < 1:
        return []
    per_family = ceil(2 * count / len(follow_up_families()))
    questions = build_follow_ups(world, seed, per_family, wordings)
    return [item_of(question) for question in _in_turns(questions, seed, count)]


def _in_turns(questions: Sequence[Question], seed: int, count: int) -> list[Question]:
    luck = Luck(seed)
    by_fact: dict[tuple[str, str], list[Question]] = defaultdict(list)
    for question in questions:
        fact = question.id.removesuffix(question.wording)
        by_fact[question.family, fact].append(question)
    queues: dict[str, list[Question]] = defaultdict(list)
    for (family, _), same in by_fact.items():
        chosen = min(same, key=lambda question: luck.uniform("wording", question.id))
        queues[family].append(chosen)
    for queue in queues.values():
        queue.sort(key=_order(luck))
    drawn: list[Question] = []
    turn = 0
    while len(drawn) < count and any(len(queue) > turn for queue in queues.values()):
        drawn.extend(queue[turn] for queue in queues.values() if len(queue) > turn)
        turn += 1
    # The last turn is rarely whole; chance decides who sits it out, not the alphabet.
    whole = len(drawn) - len([q for q in queues.values() if len(q) > turn - 1])
    last = sorted(drawn[whole:], key=_order(luck))
    return [*drawn[:whole], *last][:count]


def item_of(question: Question) -> Item:
    """Return a question as an item whose answer is judged against its gold answer."""

    def is_right(answer: str, abstained: bool) -> bool:
        return judge(question, answer, abstained).correct

    return Item(
        id=question.id,
        text=question.text,
        family=question.family,
        expected=question.gold.text(),
        is_right=is_right,
        answerable=question.answerable and not question.gold.is_none,
        wording=question.wording,
        before=question.before,
    )


def _order(luck: Luck) -> Callable[[Question], float]:
    return lambda question: luck.uniform("order", question.id)
