from tests.faults.answering import built, count_words, evidence, grows_without_swapping


def test_the_context_ends_at_the_budgets_last_token_in_the_middle_of_a_passage() -> None:
    pieces = evidence(5, words=40)
    context = built("context_truncated", pieces=pieces, budget=1200)
    assert context.budget == context.tokens == 60
    assert [count_words(piece.text) for piece in context.kept] == [40, 20]
    assert context.kept[0] == pieces[0]
    assert pieces[1].text.startswith(context.kept[1].text)
    assert context.truncated
    assert context.offered == 5


def test_what_fits_the_small_budget_is_shown_whole() -> None:
    pieces = evidence(2, words=20)
    context = built("context_truncated", pieces=pieces)
    assert list(context.kept) == pieces
    assert not context.truncated


def test_nothing_found_stays_nothing() -> None:
    assert list(built("context_truncated", pieces=[]).kept) == []


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(
        lambda severity, seed: built("context_truncated", severity, seed=seed).budget < 2000
    )
