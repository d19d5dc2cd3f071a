import asyncio

from corpus.ports import Query
from faults.fault import Seam
from tests.faults.answering import RecordingSearch, degraded, grows_without_swapping, query


def asked(severity: float, seed: int = 1) -> Query:
    search = RecordingSearch()
    asyncio.run(degraded(Seam.SEARCH, search, "top_k_large", severity).search(query(seed)))
    return search.asked[0]


def test_fifty_passages_are_asked_for_and_all_else_is_as_it_was() -> None:
    assert asked(1.0).top_k == 50
    assert (asked(1.0).text, asked(1.0).entities) == (query().text, query().entities)


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(lambda severity, seed: asked(severity, seed).top_k == 50)
