from __future__ import annotations

import pytest

from corpus.questions import Kind
from corpus.questions.question import one
from tests.corpus.questions.asking import right


def test_a_person_may_be_named_by_a_surname_that_is_unique() -> None:
    assert right(one(Kind.PERSON, "Bernd Ackermann"), "Approved by B. Ackermann.")
    assert not right(one(Kind.PERSON, "Bernd Ackermann"), "Approved by Bernd Albers.")
    assert right(one(Kind.PERSON, "Ingrid Halvorsen"), "Ingrid Halvorsen signed.")
    assert not right(one(Kind.PERSON, "Ingrid Halvorsen"), "Halvorsen Instruments signed.")


def test_naming_everybody_names_nobody() -> None:
    everybody = (
        "Bernd Ackermann, Philipp Anders, Marlene Dorn, Doris Engelhardt, Viktor Saalfeld signed."
    )
    assert not right(one(Kind.PERSON, "Bernd Ackermann"), everybody)


def test_a_role_too_many_is_another_rule() -> None:
    gold = one(Kind.ROLE, "Head of Finance")
    assert right(gold, "The head of finance approves it.")
    assert not right(gold, "The department head and the Head of Finance approve it.")
    assert not right(gold, "Not the Head of Finance.")


def test_what_the_evidence_names_besides_is_no_other_value() -> None:
    gold = one(Kind.ROLE, "Head of Finance")
    span = "Above it the Head of Finance decides in place of the department head."
    assert right(gold, "The Head of Finance, in place of the department head.", span)


def test_another_currency_beside_the_right_one_is_wrong() -> None:
    gold = one(Kind.CURRENCY, "GBP")
    assert right(gold, "Prices are in pounds sterling.")
    assert right(gold, "GBP")
    assert not right(gold, "EUR")
    assert not right(gold, "EUR and GBP", text="Is it in EUR?")


@pytest.mark.parametrize(
    "answer",
    [
        "The unit price on the invoice is above the ordered price.",
        "There is a price variance of 1.71 EUR on position 2.",
        "They charged more per unit than ordered.",
        "Price mismatch.",
    ],
)
def test_a_price_reason_is_recognised_in_other_words(answer: str) -> None:
    assert right(one(Kind.REASON, "price"), answer)


@pytest.mark.parametrize(
    ("code", "reason"),
    [
        ("price_variance", "price"),
        ("quantity_variance", "quantity"),
        ("missing_receipt", "receipt"),
        ("missing_po", "order missing"),
        ("duplicate_suspect", "duplicate"),
        ("tax_variance", "tax"),
        ("po_discrepancy", "order"),
    ],
)
def test_a_code_of_the_ledger_is_a_reason(code: str, reason: str) -> None:
    assert right(one(Kind.REASON, reason), f"The discrepancy is {code}.")


def test_another_reason_is_wrong() -> None:
    gold = one(Kind.REASON, "order", "price")
    assert right(gold, "Because of a purchase order discrepancy.")
    assert right(gold, "Invoice mismatch due to PO discrepancy")
    assert not right(gold, "Because of approval issues.")
    assert not right(gold, "The payment is late.")


def test_giving_every_reason_gives_none() -> None:
    every = (
        "There may be a PO discrepancy, a missing approval, a missing goods receipt, changed bank "
        "details, a quality complaint or a duplicate."
    )
    assert not right(one(Kind.REASON, "order"), every)
