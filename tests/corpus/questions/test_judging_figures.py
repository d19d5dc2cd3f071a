from __future__ import annotations

import pytest

from corpus.questions import GoldAnswer, GoldPart, Kind
from corpus.questions.question import one
from tests.corpus.questions.asking import MONEY, right

DATE = one(Kind.DATE, "2026-03-10")


@pytest.mark.parametrize(
    "answer",
    [
        "1,234.50 EUR",
        "The gross total of INV-2026-0133 is EUR 1,234.50 [D1].",
        "It comes to €1234.5.",
        "1.234,50 €",
        "1 234,50 euros",
        "The total is 1234.50",
        "The net amount is 1,037.39 EUR and the gross amount is 1,234.50 EUR.",
    ],
)
def test_an_amount_is_right_in_any_format(answer: str) -> None:
    assert right(MONEY, answer)


@pytest.mark.parametrize(
    "answer",
    [
        "1,234.60 EUR",
        "123,450 EUR",
        "1,234.50 USD",
        "12.35 EUR",
        "The total is high.",
        "INV-2026-1234 has the total that you ask for.",
        "1,235 EUR",
        "1,037.39 EUR or 1,234.50 EUR",
        "Either 1,234.50 EUR, or 900.00 EUR.",
        "It lies between 1,000.00 EUR and 1,234.50 EUR.",
        "1.00 EUR, 2.00 EUR, 3.00 EUR, 1,234.50 EUR",
    ],
)
def test_a_wrong_hedged_or_buried_amount_is_wrong(answer: str) -> None:
    assert not right(MONEY, answer)


def test_a_zero_amount_is_an_amount() -> None:
    assert right(one(Kind.MONEY, "0.00 EUR"), "The tax is 0.00 EUR (reverse charge).")


def test_thousands_may_be_written_with_a_k() -> None:
    assert right(one(Kind.MONEY, "20,000 EUR"), "From 20k EUR on.")


@pytest.mark.parametrize(
    "answer",
    [
        "2026-03-10",
        "It was paid on 10 March 2026.",
        "March 10, 2026",
        "on March 10th, 2026",
        "10.03.2026",
        "the 10th of March 2026",
        "10 Mar 2026",
    ],
)
def test_a_date_is_right_in_any_format(answer: str) -> None:
    assert right(DATE, answer)


@pytest.mark.parametrize(
    "answer",
    [
        "2026-03-11",
        "10 March 2025",
        "2026-10-03",
        "March 2026",
        "10",
        "2026-03-10 or 2026-03-17",
        "2026-03-03, 2026-03-04 and 2026-03-10",
        "Payment run RUN-2026-03-10",
    ],
)
def test_another_or_an_unclear_date_is_wrong(answer: str) -> None:
    assert not right(DATE, answer)


def test_a_percentage_may_be_written_as_sign_or_word() -> None:
    gold = one(Kind.PERCENT, "2.5 %")
    assert right(gold, "2.5%")
    assert right(gold, "2,5 percent")
    assert right(gold, "a discount of 2.50 per cent")
    assert not right(gold, "25 %")
    assert not right(gold, "2 %")


def test_a_difference_needs_its_direction() -> None:
    gold = one(Kind.DIFFERENCE, "-3.8")
    assert right(gold, "It is 3.8 % below the benchmark.")
    assert right(gold, "-3.8 %")
    assert right(gold, "The price is 3.84 percent cheaper.")
    assert not right(gold, "It is 3.8 % above the benchmark.")
    assert not right(gold, "3.8 %")
    assert not right(gold, "The price is below the benchmark.")
    assert right(one(Kind.DIFFERENCE, "12.4"), "12.4% higher than the market")


def test_a_number_may_be_a_word_but_not_part_of_something_else() -> None:
    gold = one(Kind.NUMBER, "4")
    assert right(gold, "There are four invoices.")
    assert right(gold, "4")
    assert not right(gold, "PO-2026-0004")
    assert not right(gold, "On 4 March 2026.")
    assert not right(gold, "4 % of them")
    assert not right(gold, "3, 4 or 5")
    assert not right(gold, "1, 2, 3, 4, 5, 6")


def test_all_parts_of_a_compound_answer_are_needed() -> None:
    gold = GoldAnswer((GoldPart(Kind.NUMBER, ("376",)), GoldPart(Kind.NUMBER, ("300",))))
    assert right(gold, "376 pieces were ordered and 300 received.")
    assert not right(gold, "376 pieces were ordered and 376 received.")


def test_a_duration_is_compared_with_its_unit() -> None:
    days = one(Kind.DURATION, "30 days")
    assert right(days, "net 30 days")
    assert right(days, "Payable within thirty days.")
    assert right(days, "30")
    assert not right(days, "30 working days")
    assert not right(days, "30 months")
    assert not right(days, "14 days")
    assert right(one(Kind.DURATION, "5 working days"), "within five business days")
    assert right(one(Kind.DURATION, "12 months"), "one year")
    assert right(one(Kind.DURATION, "8 weeks"), "56 days")


def test_a_very_long_answer_is_a_dump() -> None:
    assert not right(MONEY, "1,234.50 EUR. " + "And so it goes on. " * 200)
