"""A changed company agrees with itself: records, documents, questions and gold answers."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest

from corpus.ledger import World
from corpus.ports import Document
from corpus.questions import Question, build_questions, judge
from services.lab.mutation.errors import NamesRunOut
from services.lab.mutation.renaming import other_names, renamed
from services.lab.mutation.restating import restated
from services.lab.mutation.variants import Company, renamed_company, restated_company

Make = Callable[[World, int], Company]


def test_restated_sums_and_terms_hold(world: World) -> None:
    other = restated(world)
    terms = {each.vendor_id: each.payment_days for each in other.agreements}
    for invoice in other.invoices:
        assert sum((line.net for line in invoice.lines), Decimal(0)) == invoice.net
        assert invoice.net + invoice.tax == invoice.gross
        assert (invoice.due_date - invoice.date).days == terms[invoice.vendor_id]
    for order in other.purchase_orders:
        assert sum((line.quantity * line.unit_price for line in order.lines), Decimal(0)) == (
            order.total
        )


def test_restated_records_tell_the_same_story_in_other_figures(world: World) -> None:
    other = restated(world)
    for old, new in zip(world.matches, other.matches, strict=True):
        assert old.outcome is new.outcome
        assert [d.kind for d in old.discrepancies] == [d.kind for d in new.discrepancies]
    for was, now in zip(world.invoices, other.invoices, strict=True):
        assert (was.id, was.status) == (now.id, now.status)
        assert was.gross != now.gross
        assert was.vendor_reference != now.vendor_reference
    for payment, paid in zip(world.payments, other.payments, strict=True):
        assert bool(payment.discount_taken) == bool(paid.discount_taken)
        assert bool(payment.days_late) == bool(paid.days_late)


def test_no_old_name_is_left(world: World) -> None:
    company = renamed_company(world, 7)
    old = {vendor.name for vendor in world.vendors}
    asked = {question.text for question in company.questions.values()}
    everything = [f"{d.title}\n{d.text}\n{d.metadata}" for d in company.documents]
    for text in (*asked, *everything, repr(company.world)):
        assert not [name for name in old if name in text]


def test_names_are_unlike_each_other_and_may_run_out(documents: list[Document]) -> None:
    names = other_names(400)
    assert len(set(names)) == 400
    text = "\n".join(document.text for document in documents)
    assert not [name for name in names if name.split()[0] in text]
    with pytest.raises(NamesRunOut):
        other_names(100_000)


def test_renaming_changes_nothing_but_names(world: World) -> None:
    assert renamed(world).invoices == world.invoices


@pytest.mark.parametrize("make", [renamed_company, restated_company])
def test_the_evidence_of_every_question_stands_in_its_document(make: Make, world: World) -> None:
    company = make(world, 7)
    texts = {document.id: document.text for document in company.documents}
    for question in company.questions.values():
        for evidence in question.evidence:
            assert evidence.span in texts[evidence.doc_id], question.id


@pytest.mark.parametrize("make", [renamed_company, restated_company])
def test_the_same_questions_are_asked(make: Make, world: World) -> None:
    originals = build_questions(world, 7, 4)
    asked, alike = make(world, 7).asked(originals)
    assert [question.id for question in asked] == [question.id for question in originals]
    assert alike <= 0.1 * len(originals)


FIGURES = {"money", "percent", "duration", "date"}


def test_gold_answers_are_other_ones_and_the_old_answers_wrong(world: World) -> None:
    company = restated_company(world, 7)
    judged = 0
    for original in build_questions(world, 7, 6):
        other = company.questions.get(original.id)
        if other is None or not _asks_figures_only(original):
            continue
        judged += 1
        assert judge(other, other.gold.text(), abstained=False).correct, other.id
        old = judge(other, original.gold.text(), abstained=False).correct
        # A day from which everything is counted stays itself.
        assert not old or "2026-06-30" in original.gold.text(), original.id
    assert judged > 100


def _asks_figures_only(question: Question) -> bool:
    kinds = {part.kind.value for part in question.gold.parts}
    return bool(kinds) and kinds <= FIGURES
