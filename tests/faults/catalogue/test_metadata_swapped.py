from tests.faults.documents import KINDS, changed, documents, ingested


def test_more_documents_have_anothers_metadata_the_stronger_it_is():
    few, many, all_of_them = (changed("metadata_swapped", each) for each in (0.2, 0.5, 1.0))

    assert not changed("metadata_swapped", 0.0)
    assert few < many < all_of_them
    assert len(all_of_them) == 120


def test_it_is_the_metadata_of_the_next_document_of_the_kind():
    before = documents()
    after = ingested("metadata_swapped", 1.0, before)

    assert after[0].metadata == before[1].metadata
    assert after[19].metadata == before[0].metadata
    for kind in KINDS:
        old = sorted(str(d.metadata) for d in before if d.metadata["doc_type"] == kind)
        new = sorted(str(d.metadata) for d in after if d.metadata["doc_type"] == kind)
        assert old == new


def test_who_is_hit_gets_the_same_metadata_at_any_severity():
    strong = {d.id: d.metadata for d in ingested("metadata_swapped", 1.0)}
    hit = changed("metadata_swapped", 0.4)

    weak = {d.id: d.metadata for d in ingested("metadata_swapped", 0.4) if d.id in hit}
    assert weak == {doc_id: strong[doc_id] for doc_id in hit}


def test_texts_and_titles_stay():
    for old, new in zip(documents(), ingested("metadata_swapped", 1.0), strict=True):
        assert (old.id, old.title, old.text) == (new.id, new.title, new.text)
