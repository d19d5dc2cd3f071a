import asyncio

import pytest

from corpus.ports import Query
from faults.catalogue.query_rewrite_drops_entity import generalised
from faults.fault import Seam
from tests.faults.answering import (
    INVOICE,
    VENDOR,
    RecordingSearch,
    degraded,
    grows_without_swapping,
    query,
)

QUESTION = "Why was INV-2026-0042 of Acme Feinmechanik not paid?"


def asked(severity: float, given: Query) -> Query:
    search = RecordingSearch()
    part = degraded(Seam.SEARCH, search, "query_rewrite_drops_entity", severity)
    asyncio.run(part.search(given))
    return search.asked[0]


def test_names_and_numbers_give_way_to_what_they_are_of() -> None:
    found = asked(1.0, query(text=QUESTION, entities=(VENDOR, INVOICE)))
    assert found.text == "Why was the invoice of the vendor not paid?"
    assert found.entities == ()
    assert found.top_k == query().top_k


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Is invoice INV-2026-0042 open?", "Is the invoice open?"),
        ("Is the invoice inv 2026/42 open?", "Is the invoice open?"),
        ("What does ACME FEINMECHANIK GmbH owe?", "What does the vendor owe?"),
        ("What do we owe Acme, all in all?", "What do we owe the vendor, all in all?"),
        ("What may I spend on lunch in 2026?", "What may I spend on lunch in 2026?"),
    ],
)
def test_a_mention_is_met_however_it_is_written(text: str, expected: str) -> None:
    assert generalised(text, (VENDOR, INVOICE)) == expected


def test_a_question_about_nobody_is_searched_as_it_is() -> None:
    given = query(text="What may I spend on lunch?", entities=())
    assert asked(1.0, given) is given


def test_more_requests_are_hit_the_stronger_it_is_and_none_is_let_off() -> None:
    assert grows_without_swapping(lambda severity, seed: not asked(severity, query(seed)).entities)
