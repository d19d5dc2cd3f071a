from corpus.ports import Document
from tests.faults.documents import documents, ingested


def by_id(severity: float) -> dict[str, Document]:
    return {document.id: document for document in ingested("stale_index", severity)}


def test_the_older_the_index_the_fewer_documents_it_holds():
    everything = {document.id for document in documents()}
    found = [set(by_id(severity)) for severity in (0.0, 0.1, 0.25, 1.0)]

    assert found[0] == everything
    assert found[0] > found[1] > found[2] > found[3]


def test_what_is_there_is_older_than_the_snapshot():
    # The newest document is of 15 June; a fifth of a year before that is early April.
    dates = {str(document.metadata["date"]) for document in by_id(0.2).values()}

    assert max(dates) < "2026-04-04"
    assert {"2026-01-15", "2026-02-15", "2026-03-15"} <= dates


def test_agreements_and_policies_are_in_the_version_of_then():
    found = by_id(0.2)

    (new,) = [document for document in documents() if document.id == "policy-4"]
    assert found["policy-4"].metadata["date"] == "2024-05-15"
    assert found["policy-4"].text != new.text
    assert found["policy-1"].metadata["date"] == "2026-02-15"
    assert "invoice-4" not in found


def test_documents_without_a_date_stay():
    undated = [Document("a", "A", "text"), Document("b", "B", "text", {"date": "soon"})]

    assert ingested("stale_index", 1.0, undated) == undated
    assert list(ingested("stale_index", 1.0, [*undated, *documents()]))[:2] == undated
