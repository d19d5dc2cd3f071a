from agents.context import BudgetedContext
from corpus.luck import Luck
from faults.catalogue.context_polluted import background
from faults.fault import Seam
from tests.faults.answering import built, count_words, degraded, evidence, grows_without_swapping


def test_the_background_is_of_at_least_six_kinds_and_each_piece_is_told_apart() -> None:
    assert len({piece.metadata["doc_type"] for piece in background()}) >= 6
    assert len({piece.source for piece in background()}) == len(background())
    assert len({piece.id for piece in background()}) == len(background())


def test_it_is_offered_before_what_was_found() -> None:
    pieces = evidence(2)
    context = built("context_polluted", pieces=pieces, budget=10_000)
    assert list(context.kept) == [*background(), *pieces]
    assert context.offered == len(background()) + 2


def test_it_spends_the_budget_first_so_that_evidence_falls_out() -> None:
    spent = sum(count_words(piece.text) for piece in background())
    pieces = evidence(5)
    part = degraded(Seam.CONTEXT, BudgetedContext(count_words, spent + 70), "context_polluted")
    kept = part.build("what?", pieces, Luck(1)).kept
    assert [piece for piece in kept if piece in pieces] == pieces[:2]


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(
        lambda severity, seed: built("context_polluted", severity, seed=seed).offered > 5
    )
