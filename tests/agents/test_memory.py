from __future__ import annotations

import pytest

from agents.memory import SessionMemory, carried_over, standalone
from agents.ports import Turn
from corpus.luck import Luck
from corpus.ports import Entity

VENDOR = Entity("vendor", "V-1001", "Nordkai Logistik")
INVOICE = Entity("invoice", "INV-2026-0133", "INV-2026-0133")
OTHER = Entity("invoice", "INV-2026-0007", "INV-2026-0007")
LUCK = Luck(1)
TURNS = [Turn("a", "b", [VENDOR, INVOICE])]


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ("And when was it paid?", [INVOICE]),
        ("What do we owe them?", [VENDOR]),
        ("Who approved that invoice?", [INVOICE]),
        ("Where is this vendor located?", [VENDOR]),
        ("What does the travel policy say?", []),
        ("How many invoices are on hold?", []),
    ],
)
def test_a_question_takes_over_what_it_leans_on(question: str, expected: list[Entity]) -> None:
    assert list(carried_over(question, (), TURNS)) == expected


def test_a_question_that_names_something_takes_nothing_over() -> None:
    assert carried_over("And when was it paid?", [OTHER], TURNS) == ()


def test_the_last_turn_that_was_about_something_counts() -> None:
    turns = [Turn("a", "b", [OTHER]), *TURNS, Turn("c", "d", [])]
    assert list(carried_over("Who approved that invoice?", (), turns)) == [INVOICE]


def test_the_question_is_made_readable_on_its_own() -> None:
    assert standalone("When was it paid?", [INVOICE]) == "When was it paid (INV-2026-0133)?"
    assert standalone("When was it paid?", []) == "When was it paid?"


def test_a_session_is_bounded_and_the_oldest_session_is_forgotten_first() -> None:
    memory = SessionMemory(turns=2, sessions=2)
    for number in range(3):
        memory.remember("a", Turn(str(number), "", ()))
    assert [turn.question for turn in memory.recall("a", LUCK)] == ["1", "2"]
    memory.remember("b", Turn("x", "", ()))
    memory.remember("a", Turn("3", "", ()))
    memory.remember("c", Turn("y", "", ()))
    assert memory.recall("b", LUCK) == ()
    assert memory.recall("a", LUCK)


def test_everything_is_forgotten_at_once() -> None:
    memory = SessionMemory()
    memory.remember("a", Turn("x", "", ()))
    memory.forget()
    assert memory.recall("a", LUCK) == ()
