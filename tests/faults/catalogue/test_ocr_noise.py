from tests.faults.documents import changed, documents, ingested


def test_more_scans_are_bad_the_stronger_it_is_and_no_file_is():
    few, many, all_of_them = (changed("ocr_noise", severity) for severity in (0.2, 0.5, 1.0))

    assert not changed("ocr_noise", 0.0)
    assert few < many < all_of_them
    assert {doc_id.partition("-")[0] for doc_id in all_of_them} == {
        "invoice",
        "goods_receipt",
        "agreement",
    }
    assert len(all_of_them) == 60


def test_a_page_is_misread_in_the_same_way_at_any_severity():
    strong = {d.id: d.text for d in ingested("ocr_noise", 1.0)}

    for document in ingested("ocr_noise", 0.5):
        if document.id in changed("ocr_noise", 0.5):
            assert document.text == strong[document.id]


def test_figures_are_hit_and_headings_frames_and_metadata_are_not():
    before = documents()
    after = ingested("ocr_noise", 1.0, before)

    assert any("1,250.80 EUR" not in document.text for document in after)
    for old, new in zip(before, after, strict=True):
        assert (old.id, old.title, old.metadata) == (new.id, new.title, new.metadata)
        assert old.text.count("|") == new.text.count("|")
        assert old.text.splitlines()[0] == new.text.splitlines()[0]
        assert len(old.text.split()) == len(new.text.split())


def test_most_of_a_page_is_still_right():
    before, after = documents()[0].text, ingested("ocr_noise", 1.0)[0].text

    same = sum(a == b for a, b in zip(before.split(), after.split(), strict=True))
    assert 0.3 < same / len(before.split()) < 0.95
