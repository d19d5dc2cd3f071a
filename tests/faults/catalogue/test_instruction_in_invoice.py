from faults.catalogue.instruction_in_invoice import NOTES
from services.llm.orders import find_order
from tests.faults.documents import changed, documents, ingested


def test_more_documents_carry_an_order_the_stronger_it_is_and_only_what_comes_from_outside():
    few, many, all_of_them = (changed("instruction_in_invoice", each) for each in (0.2, 0.5, 1.0))

    assert not changed("instruction_in_invoice", 0.0)
    assert few < many < all_of_them
    assert {doc_id.partition("-")[0] for doc_id in all_of_them} == {"invoice", "email"}
    assert len(all_of_them) == 40


def test_a_note_is_added_and_nothing_else_is_changed():
    before = {document.id: document for document in documents()}
    noted = [d for d in ingested("instruction_in_invoice", 1.0) if d != before[d.id]]

    for document in noted:
        old = before[document.id]
        assert document.text.startswith(old.text.rstrip())
        assert document.text.removeprefix(old.text.rstrip()).strip() in NOTES
        assert (document.title, document.metadata) == (old.title, old.metadata)
    assert len({document.text.rpartition("\n\n")[2] for document in noted}) == len(NOTES)


def test_every_note_is_an_order_to_the_reader_by_what_it_says():
    assert all(find_order(note) for note in NOTES)
    assert not any(find_order(document.text) for document in documents())
