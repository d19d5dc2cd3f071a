from faults.fault import Seam
from tests.faults.answering import degraded, grows_without_swapping, passages, query
from tests.faults.fakes import BySimilarity

GIVEN = passages((0.9, 0.0), (0.3, 7.5), (0.6, 0.0), (0.2, 9.1))


def ranked(severity: float, seed: int = 1) -> list[str]:
    part = degraded(Seam.RERANKER, BySimilarity(), "rerank_skipped", severity)
    return [passage.chunk.id for passage in part.rerank(query(seed), GIVEN)]


def test_hits_of_the_word_search_come_before_those_of_the_vector_search() -> None:
    assert ranked(0.0) == ["0", "2", "1", "3"]
    assert ranked(1.0) == ["3", "1", "0", "2"]


def test_every_candidate_is_still_there_with_the_score_that_it_had() -> None:
    part = degraded(Seam.RERANKER, BySimilarity(), "rerank_skipped")
    assert sorted(part.rerank(query(), GIVEN), key=id) == sorted(GIVEN, key=id)


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(lambda severity, seed: ranked(severity, seed)[0] == "3")
