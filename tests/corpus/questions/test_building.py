from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from corpus.documents import load_policies, render
from corpus.ledger import Ledger, World, WorldSettings, generate, store
from corpus.questions import (
    Kind,
    Question,
    QuestionDataError,
    all_families,
    build_questions,
    judge,
)
from corpus.questions.values import amounts, dates

COMPUTED = {"benchmark", "open_amount", "vendor_spend"}
"""Families whose answer is worked out from the evidence and does not stand in it."""


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings())


@pytest.fixture(scope="module")
def questions(world: World) -> list[Question]:
    return build_questions(world, seed=1)


def test_there_are_a_thousand_questions_and_a_tenth_of_them_unanswerable(
    questions: list[Question],
) -> None:
    assert len(questions) >= 1000
    assert sum(not question.answerable for question in questions) >= len(questions) / 10
    assert len({question.id for question in questions}) == len(questions)
    assert len({question.family for question in questions}) >= 18


def test_the_same_seed_asks_the_same_and_another_asks_other_things(
    world: World, questions: list[Question]
) -> None:
    assert build_questions(world, seed=1) == questions
    assert build_questions(world, seed=2) != questions


def test_families_are_balanced(questions: list[Question]) -> None:
    counts = Counter(
        question.family.partition("unrecorded")[0] or "unrecorded" for question in questions
    )
    assert max(count for family, count in counts.items() if family != "unrecorded") <= 40
    assert min(counts.values()) >= 20


def test_every_placeholder_is_filled(questions: list[Question]) -> None:
    assert not any("{" in question.text or "}" in question.text for question in questions)


def test_the_two_wordings_of_a_fact_are_two_texts(questions: list[Question]) -> None:
    by_fact: dict[str, set[str]] = {}
    for question in questions:
        by_fact.setdefault(question.id.removesuffix(f"-{question.wording}"), set()).add(
            question.text
        )
    assert all(len(texts) == 2 for texts in by_fact.values())


def test_every_span_stands_in_its_document(world: World, questions: list[Question]) -> None:
    texts = {item.document.id: item.document.text for item in render(world)}
    texts |= {policy.id: policy.text for policy in load_policies()}
    for question in questions:
        for evidence in question.evidence:
            assert evidence.span in texts[evidence.doc_id]


def test_the_evidence_alone_answers_the_question(questions: list[Question]) -> None:
    for question in questions:
        if question.evidence and question.family not in COMPUTED:
            answer = " ".join(evidence.span for evidence in question.evidence)
            verdict = judge(question, answer, False)
            assert verdict.correct, (question.id, answer, verdict.reason)


def test_the_gold_text_is_judged_right_and_that_of_another_fact_wrong(
    questions: list[Question],
) -> None:
    plain = {Kind.MONEY, Kind.DATE, Kind.NUMBER, Kind.DURATION, Kind.PERSON}
    before: dict[str, Question] = {}
    compared = 0
    for question in questions:
        parts = question.gold.parts
        if not parts or any(part.kind not in plain for part in parts):
            continue
        assert judge(question, question.gold.text(), False).correct
        other = before.get(question.family)
        if other and not judge(question, other.gold.text(), False).correct:
            compared += 1
        before[question.family] = question
    assert compared > 150


def test_abstaining_is_right_for_what_is_nowhere_and_wrong_for_what_is_known(
    questions: list[Question],
) -> None:
    for question in questions:
        verdict = judge(question, "I could not find this in the documents.", True)
        assert verdict.correct == (question.gold.is_none or not question.answerable)


def test_echoing_the_right_document_is_no_answer(world: World, questions: list[Question]) -> None:
    texts = {item.document.id: item.document.text for item in render(world)}
    texts |= {policy.id: policy.text for policy in load_policies()}
    echoed = [
        question
        for question in questions
        if question.gold.parts
        and question.evidence
        and (
            question.family in ("tax_amount", "payment_terms", "agreement_end", "po_total")
            or question.family.startswith("policy_")
        )
    ]
    right = [
        judge(question, " ".join(texts[e.doc_id] for e in question.evidence), False).correct
        for question in echoed
    ]
    assert len(right) > 300
    assert sum(right) <= len(right) * 0.05


def test_gold_answers_agree_with_the_ledger(
    world: World, questions: list[Question], tmp_path: Path
) -> None:
    store.write(world, tmp_path / "ledger.sqlite")
    ledger = Ledger(tmp_path / "ledger.sqlite")
    checked = 0
    for question in questions:
        key = question.id.removeprefix(f"{question.family}-").removesuffix(f"-{question.wording}")
        gold = question.gold.text()
        if question.family in ("invoice_total", "invoice_net", "tax_amount"):
            field = {"invoice_total": "gross", "invoice_net": "net", "tax_amount": "tax"}
            wanted = getattr(ledger.invoice(key), field[question.family])
            assert {amount.value for amount in amounts(gold)} == {wanted}
        elif question.family == "due_date":
            assert dates(gold) == {ledger.invoice(key).due_date.isoformat()}
        elif question.family == "payment_date":
            assert [gold] == [p.date.isoformat() for p in ledger.payments(invoice_id=key)]
        elif question.family == "not_paid":
            assert ledger.payments(invoice_id=key) == []
        elif question.family == "no_approval":
            assert not any(approval.approved for approval in ledger.approvals(key))
        elif question.family == "open_amount":
            total = sum(item.open_amount for item in ledger.open_items(key))
            assert {amount.value for amount in amounts(gold)} == {total}
        elif question.family == "po_total":
            assert {a.value for a in amounts(gold)} == {ledger.purchase_order(key).total}
        elif question.family == "vendor_invoice_count":
            vendor_id, _, status = key.partition("-")[2].partition("-")
            count = ledger.aggregate("count", vendor_id=f"V-{vendor_id}", status=status).count
            assert gold == str(count)
        else:
            continue
        checked += 1
    ledger.close()
    assert checked > 300


def test_only_some_families_can_be_asked_for(world: World) -> None:
    found = build_questions(world, per_family=3, only=["due_date"], wordings=("w1",))
    assert [question.family for question in found] == ["due_date"] * 3
    with pytest.raises(QuestionDataError, match="no_such_family"):
        build_questions(world, only=["no_such_family"])


def test_another_world_can_be_asked_about() -> None:
    small = generate(WorldSettings(seed=9, vendors=5, invoices=30))
    assert len(build_questions(small, per_family=5)) > 200


@pytest.mark.parametrize("seed", range(8))
def test_every_seed_gives_a_world_that_can_be_asked_about(seed: int) -> None:
    world = generate(WorldSettings(seed=seed, vendors=15, invoices=80))
    for question in build_questions(world, seed, per_family=4):
        if question.evidence and question.family not in COMPUTED:
            answer = " ".join(evidence.span for evidence in question.evidence)
            assert judge(question, answer, False).correct, (question.id, answer)


def test_family_names_are_unique_and_sorted() -> None:
    names = [family.name for family in all_families()]
    assert names == sorted(set(names))
