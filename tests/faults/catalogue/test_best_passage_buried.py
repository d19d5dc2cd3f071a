from faults.catalogue.best_passage_buried import best_inside
from tests.faults.answering import built, evidence, grows_without_swapping


def test_the_best_of_any_number_stands_in_the_middle_and_the_worst_outside() -> None:
    ranked = evidence(5)
    inside = best_inside(ranked)
    assert [ranked.index(piece) for piece in inside] == [4, 2, 0, 1, 3]
    assert best_inside(ranked[:1]) == ranked[:1]
    assert best_inside([]) == []


def test_all_text_is_kept_in_one_piece_under_the_title_of_the_worst() -> None:
    pieces = evidence(5)
    context = built("best_passage_buried", pieces=pieces)
    (only,) = context.kept
    assert (only.source, only.title) == ("DOC-4", "Title 4")
    assert all(piece.text in only.text for piece in pieces)
    assert only.text.index(pieces[4].text) == 0
    healthy = built("best_passage_buried", 0.0, pieces)
    assert (context.tokens, context.offered) == (healthy.tokens, healthy.offered)


def test_a_single_passage_cannot_be_buried() -> None:
    assert built("best_passage_buried", pieces=evidence(1)).kept == evidence(1)


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(
        lambda severity, seed: len(built("best_passage_buried", severity, seed=seed).kept) == 1
    )
