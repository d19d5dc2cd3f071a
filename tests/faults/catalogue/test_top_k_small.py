from faults.fault import Seam
from tests.faults.answering import degraded, grows_without_swapping, passages, query
from tests.faults.fakes import BySimilarity

GIVEN = passages((0.2, 0), (0.9, 0), (0.5, 0))


def ranked(severity: float, seed: int = 1) -> list[str]:
    part = degraded(Seam.RERANKER, BySimilarity(), "top_k_small", severity)
    return [passage.chunk.id for passage in part.rerank(query(seed), GIVEN)]


def test_only_the_searchs_first_candidate_is_left_even_if_others_are_better() -> None:
    assert ranked(0.0) == ["1", "2", "0"]
    assert ranked(1.0) == ["0"]


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(lambda severity, seed: len(ranked(severity, seed)) == 1)
