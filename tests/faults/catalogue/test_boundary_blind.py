from corpus.ports import Document
from faults.apply import degrade_part
from faults.catalogue.boundary_blind import WINDOW
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.fakes import LineChunker

TEXT = "".join(f"Amount of item {number}: {number * 37 + 1000} EUR\n" for number in range(60))


def documents(count: int) -> list[Document]:
    return [Document(f"DOC-{n}", f"Document {n}", TEXT, {"n": n}) for n in range(count)]


def chunker(severity: float = 1.0):
    active = [ActiveFault("boundary_blind", severity)]
    return degrade_part(Seam.CHUNKER, LineChunker(), active)


def test_pieces_have_one_length_and_no_text_is_lost_or_repeated() -> None:
    (document,) = documents(1)
    chunks = chunker().chunk(document)
    assert {chunk.end - chunk.start for chunk in chunks[:-1]} == {WINDOW}
    assert "".join(document.text[chunk.start : chunk.end] for chunk in chunks) == TEXT


def test_a_cut_goes_through_a_line() -> None:
    chunks = chunker().chunk(documents(1)[0])
    whole = [line for line in TEXT.splitlines() if any(line in chunk.text for chunk in chunks)]
    assert len(whole) < len(TEXT.splitlines())


def test_a_piece_still_says_which_document_it_is_from() -> None:
    (document,) = documents(1)
    for chunk in chunker().chunk(document):
        assert chunk.text == f"Document 0\n{document.text[chunk.start : chunk.end]}"
        assert (chunk.doc_id, chunk.metadata) == ("DOC-0", {"n": 0})


def test_a_share_of_documents_is_cut_by_count_and_grows_without_swapping() -> None:
    def hit(severity: float) -> set[str]:
        part = chunker(severity)
        return {d.id for d in documents(200) if part.chunk(d) != LineChunker().chunk(d)}

    some, more = hit(0.3), hit(0.6)
    assert 40 < len(some) < 80
    assert some < more


def test_an_empty_document_has_no_chunk() -> None:
    assert chunker().chunk(Document("d", "t", " \n")) == []


def test_the_index_has_another_name_at_each_severity() -> None:
    assert len({chunker(severity).fingerprint for severity in (0.0, 0.5, 1.0)}) == 3
