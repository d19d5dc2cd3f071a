from __future__ import annotations

import math

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
    scores = [CHECKS[n].evaluate(judged).score for n in CHECKS if n != "context_relevance"]
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
