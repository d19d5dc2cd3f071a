from collections import Counter

from tests.faults.documents import documents, ingested


def copied(severity: float) -> set[str]:
    return {d.title for d in ingested("duplicates_flood", severity) if d.id.endswith("-R1")}


def test_more_documents_are_copied_the_stronger_it_is():
    assert copied(0.0) == set()
    assert copied(0.2) < copied(0.5) < copied(1.0)
    assert len(copied(1.0)) == 120


def test_a_copy_has_an_id_of_its_own_and_is_otherwise_the_same():
    after = ingested("duplicates_flood", 1.0)

    assert len({document.id for document in after}) == len(after) == 6 * len(documents())
    assert set(Counter((d.title, d.text, str(d.metadata)) for d in after).values()) == {6}


def test_the_first_of_each_is_the_document_itself():
    before = documents()
    after = ingested("duplicates_flood", 0.5, before)

    assert [document for document in after if document in before] == before
