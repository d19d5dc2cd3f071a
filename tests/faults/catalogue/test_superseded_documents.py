from corpus.ports import Document
from faults.versions import old_version
from tests.faults.documents import documents, ingested


def added(severity: float) -> set[str]:
    before = {document.id for document in documents()}
    return {d.id for d in ingested("superseded_documents", severity) if d.id not in before}


def test_more_old_versions_are_there_the_stronger_it_is_of_agreements_and_policies():
    assert added(0.0) == set()
    assert added(0.2) < added(0.5) < added(1.0)
    assert len(added(1.0)) == 40
    assert {doc_id.partition("-")[0] for doc_id in added(1.0)} == {"agreement", "policy"}


def test_the_documents_in_force_stay_as_they_are():
    before = documents()
    after = ingested("superseded_documents", 1.0, before)

    assert [document for document in after if document in before] == before


def test_an_old_version_has_the_same_title_and_earlier_dates_and_other_terms():
    (new,) = [document for document in documents() if document.id == "agreement-1"]
    found = {document.id: document for document in ingested("superseded_documents", 1.0)}

    old = found["agreement-1-2024"]

    assert old.title == new.title
    assert old.metadata == {**new.metadata, "date": "2024-02-15"}
    assert "within 30 days" not in old.text
    assert "days of the invoice date" in old.text
    assert "19 % VAT" not in old.text
    assert " % VAT" in old.text
    assert "1,250.80 EUR" not in old.text
    assert "Signed on 3 March 2023." in old.text


def test_a_value_is_the_same_other_value_wherever_it_stands():
    text = "Pay 5,000 EUR in 14 days. Above 5,000 EUR it is 14 days too, see GR-2026-0001, page 3."
    old = old_version(Document("POL-X", "X", text, {"doc_type": "policy"})).text

    first, second = old.removesuffix(" too, see GR-2026-0001, page 3.").split(". Above ")
    amount, days = first.removeprefix("Pay ").split(" EUR in ")
    assert second == f"{amount} EUR it is {days}"
    assert amount != "5,000"
    assert amount.endswith("00")
    assert days != "14 days"


def test_nothing_and_all_stay_what_they_are():
    text = "Tax is 0 % or 100 % of it."

    assert old_version(Document("POL-X", "X", text)).text == text
