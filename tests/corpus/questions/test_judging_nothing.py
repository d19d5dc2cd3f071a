from __future__ import annotations

import pytest

from corpus.questions import Kind, judge
from corpus.questions.question import nothing
from tests.corpus.questions.asking import MONEY, asked, right


def test_an_abstention_is_wrong_when_the_answer_is_known() -> None:
    verdict = judge(asked(MONEY), "I could not find this in the documents.", False)
    assert verdict.abstained
    assert not verdict.correct
    assert judge(asked(MONEY), "1,234.50 EUR", True).abstained


def test_a_remark_about_something_not_found_is_no_abstention() -> None:
    assert right(MONEY, "The total is 1,234.50 EUR. I could not find the order.")


NO_PAYMENT = nothing(Kind.DATE, allowed=("2026-07-10",), claims=("paid on", "was paid"))


@pytest.mark.parametrize(
    "answer",
    [
        "It has not been paid yet.",
        "There is no payment for INV-2026-0399; it is due on 10 July 2026.",
        "I could not find a payment of this invoice.",
        "The invoice is still unpaid.",
    ],
)
def test_saying_that_there_is_none_and_abstaining_are_both_right(answer: str) -> None:
    assert judge(asked(NO_PAYMENT), answer, False).correct


@pytest.mark.parametrize(
    "answer",
    [
        "It was paid on 3 July 2026.",
        "It was paid on 10 July 2026.",
        "It was not late and was paid on 2026-07-10.",
        "It was not paid late, but on 2026-07-03.",
        "I could not find the voucher, it was paid on 2026-07-03.",
        "The invoice is from Nordkai.",
    ],
)
def test_a_made_up_payment_is_wrong(answer: str) -> None:
    assert not judge(asked(NO_PAYMENT), answer, False).correct


def test_an_approval_that_was_not_given_must_not_be_claimed() -> None:
    gold = nothing(Kind.DATE, allowed=("2026-06-20",), claims=("approved by",))
    denied = "The decision of Bernd Ackermann is pending since 2026-06-20."
    assert judge(asked(gold), denied, False).correct
    assert not judge(asked(gold), "Approved by Bernd Ackermann, date not known.", False).correct


def test_denying_a_mismatch_may_name_reasons_but_no_figures() -> None:
    gold = nothing(Kind.REASON)
    assert judge(asked(gold), "None: prices and quantities agree with the order.", False).correct
    assert judge(asked(gold), "The invoice matches.", False).correct
    invented = "No receipt problem, but the price is 2.40 EUR above the ordered 31.20 EUR."
    assert not judge(asked(gold), invented, False).correct
    assert not judge(asked(gold), "The price is too high.", False).correct


def test_a_question_without_an_answer_wants_an_abstention() -> None:
    question = asked(nothing(Kind.MONEY), answerable=False)
    assert judge(question, "I could not find that.", True).correct
    assert judge(question, "There is no such invoice.", False).correct
    assert not judge(question, "It is 4 million EUR.", False).correct
    assert not judge(question, "The revenue is not high, 4,000,000 EUR.", False).correct


def test_an_empty_answer_is_an_abstention() -> None:
    verdict = judge(asked(MONEY), "  ", False)
    assert verdict.abstained
    assert not verdict.correct
