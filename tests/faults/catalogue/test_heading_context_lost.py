import pytest

from corpus.chunking import SectionChunker
from corpus.ports import Document
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

TEXT = "# Agreement FA-1001\n\n## Terms\n\nPaid in 30 days.\n\n## Notice\n\nThree months.\n"
HEALTHY = SectionChunker(lambda text: len(text.split()), budget=12, join_tokens=1, short_document=1)


def documents(count: int) -> list[Document]:
    return [
        Document(f"FA-{n}", "Agreement FA-1001", TEXT, {"vendor_id": "V-1"}) for n in range(count)
    ]


def chunker(severity: float = 1.0):
    active = [ActiveFault("heading_context_lost", severity)]
    return degrade_part(Seam.CHUNKER, HEALTHY, active)


def test_a_chunk_does_not_say_what_it_is_from() -> None:
    (document,) = documents(1)
    assert [c.text for c in HEALTHY.chunk(document)][-1].startswith("Agreement FA-1001 > ")
    chunks = chunker().chunk(document)
    assert [(c.title, c.section) for c in chunks] == [("", "")] * len(chunks)
    assert chunks[-1].text.endswith("Three months.")
    assert not any("FA-1001" in c.text or "Notice" in c.text for c in chunks[1:])


def test_cuts_places_and_metadata_stay() -> None:
    (document,) = documents(1)
    for chunk, healthy in zip(chunker().chunk(document), HEALTHY.chunk(document), strict=True):
        assert (chunk.id, chunk.doc_id) == (healthy.id, healthy.doc_id)
        assert (chunk.start, chunk.end) == (healthy.start, healthy.end)
        assert chunk.metadata == healthy.metadata
        assert chunk.text
        assert healthy.text.endswith(chunk.text)


def test_a_share_of_documents_loses_its_headings_and_grows_without_swapping() -> None:
    def hit(severity: float) -> set[str]:
        part = chunker(severity)
        return {d.id for d in documents(200) if part.chunk(d) != HEALTHY.chunk(d)}

    some, more = hit(0.3), hit(0.6)
    assert 40 < len(some) < 80
    assert some < more


@pytest.mark.parametrize("text", ["", " \n"])
def test_an_empty_document_has_the_chunks_that_it_has(text: str) -> None:
    document = Document("d", "t", text)
    assert len(chunker().chunk(document)) == len(HEALTHY.chunk(document))


def test_the_index_has_another_name_at_each_severity() -> None:
    assert len({chunker(severity).fingerprint for severity in (0.0, 0.5, 1.0)}) == 3
