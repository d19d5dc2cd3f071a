from __future__ import annotations

import math

import pytest

from agents.evaluation import Evaluation, Judged, load_checks
from agents.evaluation.claims import figures, split_claims
from agents.ports import Evidence
from corpus.ports import Entity

SHOWN = (
    Evidence(
        "1", "INV-2026-0133", "Invoice INV-2026-0133", "Gross amount: 1,190.00 EUR\nDue: 2026-03-14"
    ),
    Evidence("2", "POL-TRAVEL", "Travel policy", "Hotels are paid up to 140 EUR a night."),
)
CHECKS = {check.name: check for check in load_checks()}


def judge(name: str, answer: str, question: str = "How much is the gross amount?") -> Evaluation:
    return CHECKS[name].evaluate(Judged(question, answer, False, SHOWN))


def test_figures_are_the_same_however_they_are_written() -> None:
    assert figures("1,190.00 EUR") == figures("1190 euros") == {"1190"}
    assert figures("14 March 2026") == figures("2026-03-14") == figures("March 14, 2026")


def test_an_identifier_is_one_figure_and_not_its_digits() -> None:
    assert figures("INV-2026-0133") == {"INV-2026-0133"}


def test_a_citation_after_the_full_stop_belongs_to_the_sentence_before_it() -> None:
    (claim,) = split_claims("It is due soon. [D2]")
    assert (claim.text, claim.cited) == ("It is due soon.", (1,))


def test_a_claim_with_all_its_figures_in_one_document_is_grounded() -> None:
    assert judge("groundedness", "The gross amount is 1,190.00 EUR [D1].").score == 1.0


def test_a_figure_from_nowhere_is_not_grounded() -> None:
    found = judge("groundedness", "The gross amount is 1,290.00 EUR [D1].")
    assert (found.score, found.label) == (0.0, "ungrounded")


def test_one_loose_claim_of_two_is_half() -> None:
    answer = "The gross amount is 1,190.00 EUR [D1]. The hotel cost 999 EUR [D2]."
    assert judge("groundedness", answer).score == 0.5


def test_an_abstention_is_not_judged() -> None:
    judged = Judged("?", "I could not find this.", True, SHOWN)
    of_the_context = ("context_relevance", "duplicate_share")
    scores = [CHECKS[n].evaluate(judged).score for n in CHECKS if n not in of_the_context]
    assert all(math.isnan(score) for score in scores)


def test_a_citation_of_the_wrong_document_is_invalid() -> None:
    assert judge("citation_validity", "The gross amount is 1,190.00 EUR [D1].").score == 1.0
    assert judge("citation_validity", "The gross amount is 1,190.00 EUR [D2].").score == 0.0
    assert judge("citation_validity", "The gross amount is 1,190.00 EUR [D7].").score == 0.0


def test_coverage_counts_the_claims_that_cite() -> None:
    answer = "The gross amount is 1,190.00 EUR [D1]. It is due on 2026-03-14."
    assert judge("citation_coverage", answer).score == 0.5


def test_context_about_the_asked_invoice_is_more_relevant_than_context_about_another_thing() -> (
    None
):
    entity = Entity("invoice", "INV-2026-0133", "INV-2026-0133")
    question = "What is the gross amount of INV-2026-0133?"
    scores = [
        CHECKS["context_relevance"].evaluate(Judged(question, "", False, [piece], [entity])).score
        for piece in SHOWN
    ]
    assert scores[0] > 0.8
    assert scores[1] < 0.1


def test_an_answer_without_the_kind_of_thing_that_was_asked_for_is_off_topic() -> None:
    assert judge("answer_relevance", "The gross amount is 1,190.00 EUR [D1].").label == "relevant"
    assert judge("answer_relevance", "It is an invoice.", "When is it due?").label == "off_topic"


ORDER = """Purchase order PO-1
| No. | Item | Quantity ordered | Unit price | Net |
| --- | --- | --- | --- | --- |
| 1 | Foam | 275 pieces | 3.96 | 1,089.00 |
| 2 | Boxes | 10 pieces | 1.13 | 11.30 |

| Sum excluding VAT | 1,100.30 EUR |
| VAT 19 % (standard rate) | 209.06 EUR |
| Total including VAT | 1,309.36 EUR |"""


def consistency(answer: str, text: str) -> Evaluation:
    shown = [Evidence("1", "PO-1", "Purchase order", text)]
    return CHECKS["numeric_consistency"].evaluate(Judged("How much?", answer, False, shown))


def test_an_order_whose_rows_and_totals_come_out_is_consistent() -> None:
    found = consistency("It is 1,309.36 EUR [D1].", ORDER)
    assert (found.score, found.explanation) == (1.0, "4 of 4")


def test_a_misread_digit_no_longer_adds_up_though_the_answer_quotes_it_faithfully() -> None:
    misread = ORDER.replace("1,309.36", "1,809.36")
    found = consistency("It is 1,809.36 EUR [D1].", misread)
    assert (found.label, found.explanation) == ("inconsistent", "3 of 4")
    assert consistency("-", ORDER.replace("| 3.96 |", "| 8.96 |")).explanation == "2 of 3"


def test_a_sum_that_the_answer_makes_itself_is_consistent() -> None:
    shown = "Paid 100.25 EUR on Monday and 50.50 EUR on Friday."
    assert consistency("Together 150.75 EUR [D1].", shown).score == 1.0
    assert consistency("Together 160.75 EUR [D1].", shown).score == 0.0


def test_numbers_of_texts_without_amounts_are_not_judged() -> None:
    assert not consistency("Within 30 days.", "Invoices are paid within 30 days.").defined


def freshness(answer: str, *dates: str) -> Evaluation:
    shown = [
        Evidence(str(n), f"POL-{n}", f"Travel policy v{n}.0", "…", metadata={"date": date})
        for n, date in enumerate(dates)
    ]
    return CHECKS["source_freshness"].evaluate(Judged("?", answer, False, shown))


def test_a_cited_document_is_outdated_when_a_newer_version_of_it_was_shown() -> None:
    assert freshness("140 EUR [D1].", "2024-07-01", "2026-01-01").score == 0.0
    assert freshness("150 EUR [D2].", "2024-07-01", "2026-01-01").score == 1.0
    assert freshness("140 EUR [D1], 150 EUR [D2].", "2024-07-01", "2026-01-01").score == 0.5


def test_documents_without_a_date_have_no_freshness() -> None:
    assert not freshness("140 EUR [D1].", "", "").defined


def test_a_copy_under_another_name_counts_as_repeated() -> None:
    copy = Evidence("3", "COPY", "Another title", SHOWN[0].text)
    found = CHECKS["duplicate_share"].evaluate(Judged("?", "", False, [*SHOWN, copy]))
    assert found.score == pytest.approx(1 / 3)
    assert CHECKS["duplicate_share"].evaluate(Judged("?", "", False, SHOWN)).score == 0.0
