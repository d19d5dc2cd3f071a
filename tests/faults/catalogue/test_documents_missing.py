from corpus.ports import Document
from tests.faults.documents import documents, ingested


def kept(severity: float) -> set[str]:
    return {document.id for document in ingested("documents_missing", severity)}


def test_more_documents_are_lost_the_stronger_it_is_and_none_comes_back():
    everything = {document.id for document in documents()}

    assert kept(0.0) == everything
    assert everything > kept(0.3) > kept(0.7) > kept(1.0)
    assert 0.3 < len(kept(1.0)) / len(everything) < 0.5


def test_what_came_through_is_as_it_was_and_in_order():
    before = documents()

    after = ingested("documents_missing", 0.5, before)

    assert [document for document in before if document in after] == list(after)


def test_a_collection_of_one_document_keeps_it():
    only = Document("a", "A", "text")

    assert ingested("documents_missing", 1.0, [only]) == [only]
    assert not ingested("documents_missing", 1.0, [])
