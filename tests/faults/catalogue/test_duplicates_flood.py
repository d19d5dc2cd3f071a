from collections import Counter

import pytest

from tests.faults.documents import documents, ingested


def ids(severity: float) -> set[str]:
    return {document.id for document in ingested("duplicates_flood", severity)}


def test_more_copies_are_there_the_stronger_it_is_and_none_goes():
    assert ids(0.0) == {document.id for document in documents()}
    assert ids(0.0) < ids(0.1) < ids(0.4) < ids(1.0)


@pytest.mark.parametrize(("severity", "times"), [(0.01, 2), (0.5, 7), (1.0, 12)])
def test_a_copy_has_an_id_of_its_own_and_is_otherwise_the_same(severity: float, times: int):
    after = ingested("duplicates_flood", severity)

    assert len({document.id for document in after}) == len(after) == times * len(documents())
    assert set(Counter((d.title, d.text, str(d.metadata)) for d in after).values()) == {times}


def test_the_first_of_each_is_the_document_itself():
    before = documents()
    after = ingested("duplicates_flood", 0.5, before)

    assert [document for document in after if document in before] == before
