"""A reworded question asks the same in words that the documents do not use."""

from __future__ import annotations

import pytest

from corpus.ledger import World
from corpus.ports import Document
from corpus.questions import build_questions
from services.lab.mutation.rewording import Rewording, Usage, synonyms


@pytest.fixture(scope="module")
def rewording(world: World, documents: list[Document]) -> Rewording:
    return Rewording.of(world, documents)


def test_no_document_uses_a_synonym_that_is_said(
    rewording: Rewording, documents: list[Document]
) -> None:
    text = "\n".join(f"{d.title}\n{d.text}" for d in documents).casefold()
    assert len(rewording.instead) > 100
    assert not [said for said in rewording.instead.values() if f" {said.casefold()} " in text]


def test_most_questions_change(rewording: Rewording, world: World) -> None:
    questions = build_questions(world, 7, 6)
    changed = [q for q in questions if rewording.reworded(q).text != q.text]
    assert len(changed) > 0.9 * len(questions)


def test_names_and_figures_stay(rewording: Rewording, world: World) -> None:
    item = world.agreements[0].items[0].description
    text = f"What is the total amount of INV-2026-0001 from {world.vendors[0].name} for {item}?"
    other = rewording.reword(text)
    assert other != text
    for kept in ("INV-2026-0001", world.vendors[0].name, item):
        assert kept in other


def test_the_longest_phrase_is_said_otherwise_and_begins_as_before() -> None:
    rewording = Rewording({"gift": "giveaway", "gift card": "token", "supplier": "agent"}, ())
    assert rewording.reword("Gift cards? A supplier sent a gift card in an hour.") == (
        "Giveaway cards? An agent sent a token in an hour."
    )


def test_an_abbreviation_is_found_in_any_case() -> None:
    rewording = Rewording({"VAT": "sales tax"}, ())
    assert rewording.reword("VAT, or vat?") == "sales tax, or sales tax?"


def test_a_phrase_is_used_when_it_is_said_or_all_of_its_words_are() -> None:
    usage = Usage("we pay the vendor and take delivery", frozenset({"pay", "vendor", "deliv"}))
    assert usage.has("vendor")
    assert usage.has("pay vendor")
    assert not usage.has("ven")
    assert not usage.has("pay the purveyor")


def test_every_phrase_has_something_else_to_say() -> None:
    for phrase, candidates in synonyms().items():
        assert candidates, phrase
        assert all(isinstance(each, str) and each != phrase for each in candidates), phrase
