"""A reworded question asks the same in words that the documents do not use."""

from __future__ import annotations

import re

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
    said = [other for phrase, other in rewording.instead.items() if other != phrase]
    assert len(said) > 100
    assert not [other for other in said if re.search(rf"\b{re.escape(other.casefold())}\b", text)]


def test_most_questions_change(rewording: Rewording, world: World) -> None:
    questions = build_questions(world, 7, 6)
    changed = [q for q in questions if rewording.reworded(q).text != q.text]
    assert len(changed) > 0.85 * len(questions)


def test_names_and_figures_stay(rewording: Rewording, world: World) -> None:
    item = world.agreements[0].items[0].description
    text = f"What is the total amount of INV-2026-0001 from {world.vendors[0].name} for {item}?"
    other = rewording.reword(text)
    assert other != text
    for kept in ("INV-2026-0001", world.vendors[0].name, item):
        assert kept in other


def test_a_phrase_without_another_word_for_it_stays_whole(world: World) -> None:
    used = Document("D", "", " ".join(synonyms()["paid leave"]), {})
    rewording = Rewording.of(world, [used])
    assert rewording.reword("Are days of paid leave paid?") == "Are days of paid leave disbursed?"


def test_the_status_of_invoices_stays(rewording: Rewording) -> None:
    assert "the status paid" in rewording.reword("How many invoices have the status paid?")


def test_the_longest_phrase_is_said_otherwise_and_begins_as_before() -> None:
    rewording = Rewording({"gift": "giveaway", "gift card": "token", "supplier": "agent"}, ())
    assert rewording.reword("Gift in hand? A supplier sent a gift card in an hour.") == (
        "Giveaway in hand? An agent sent a token in an hour."
    )


def test_an_abbreviation_is_found_in_any_case() -> None:
    rewording = Rewording({"VAT": "sales tax"}, ())
    assert rewording.reword("VAT, or vat?") == "sales tax, or sales tax?"


def test_a_phrase_is_used_when_it_is_said_or_all_of_its_words_are() -> None:
    usage = Usage.of([Document("D", "Payments", "We billed the vendor, and took delivery.", {})])
    for used in ("vendor", "took delivery", "delivery vendors", "bill", "payment"):
        assert usage.has(used), used
    for unused in ("ven", "purveyor", "delivery purveyor"):
        assert not usage.has(unused), unused


def test_every_phrase_has_something_else_to_say() -> None:
    for phrase, candidates in synonyms().items():
        assert candidates, phrase
        assert all(isinstance(each, str) and each != phrase for each in candidates), phrase
