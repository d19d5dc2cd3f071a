from __future__ import annotations

import pytest

from corpus.questions import Evidence, GoldAnswer, GoldPart, Kind, Question, judge
from corpus.questions.question import nothing, one


def asked(
    gold: GoldAnswer, text: str = "What is it?", answerable: bool = True, *spans: str
) -> Question:
    evidence = tuple(Evidence("D", span) for span in spans)
    return Question("q", "f", "w1", text, gold, evidence, frozenset({"ledger"}), answerable)


def right(gold: GoldAnswer, answer: str, *spans: str, text: str = "What is it?") -> bool:
    return judge(asked(gold, text, True, *spans), answer, False).correct


MONEY = one(Kind.MONEY, "1,234.50 EUR")
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


def test_an_abstention_is_wrong_when_the_answer_is_known() -> None:
    verdict = judge(asked(MONEY), "I could not find this in the documents.", False)
    assert verdict.abstained
    assert not verdict.correct
    assert judge(asked(MONEY), "1,234.50 EUR", True).abstained


def test_a_remark_about_something_not_found_is_no_abstention() -> None:
    assert right(MONEY, "The total is 1,234.50 EUR. I could not find the order.")


def test_a_very_long_answer_is_a_dump() -> None:
    assert not right(MONEY, "1,234.50 EUR. " + "And so it goes on. " * 200)


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
