import copy
from collections.abc import Iterable
from pathlib import Path

import pytest

import agents.prompts
from corpus.luck import Luck
from corpus.ports import Chunk, Document, Entity, Passage, Query
from faults.apply import degrade_part
from faults.catalogue.grounding_clause_removed import without_grounding
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.fakes import BySimilarity, FixedPrompts, FourRoutes, LineChunker, VendorFilter

TEXT = "".join(f"Line {number} says what the company agreed on.\n" for number in range(40))


def documents(count: int = 1) -> list[Document]:
    return [Document(f"DOC-{n}", f"Document {n}", TEXT, {"n": n}) for n in range(count)]


def query(seed: int = 1) -> Query:
    return Query("what", (Entity("vendor", "V-1", "Acme"),), luck=Luck(seed))


def passages(similarities: Iterable[float]) -> list[Passage]:
    return [
        Passage(Chunk(str(n), "d", "", "", "", n, 0, 0), score=value, similarity=value)
        for n, value in enumerate(similarities)
    ]


def tiny(severity: float = 1.0):
    return degrade_part(Seam.CHUNKER, LineChunker(), [ActiveFault("chunks_tiny", severity)])


def test_tiny_chunks_have_80_characters_and_lose_no_text() -> None:
    chunks = tiny().chunk(documents()[0])
    assert "".join(chunk.text for chunk in chunks) == TEXT
    assert {len(chunk.text) for chunk in chunks[:-1]} == {80}


def test_tiny_chunks_know_where_they_are_from() -> None:
    document = documents()[0]
    for chunk in tiny().chunk(document):
        assert document.text[chunk.start : chunk.end] == chunk.text
        assert chunk.metadata == document.metadata
        assert chunk.doc_id == document.id


def test_a_share_of_documents_is_cut_tiny_and_grows_without_swapping() -> None:
    healthy = LineChunker()
    hit: dict[float, set[str]] = {}
    for severity in (0.3, 0.6):
        chunker = tiny(severity)
        hit[severity] = {d.id for d in documents(300) if chunker.chunk(d) != healthy.chunk(d)}
    assert 60 < len(hit[0.3]) < 120
    assert hit[0.3] < hit[0.6]


def test_an_oversized_chunk_is_the_whole_document() -> None:
    chunker = degrade_part(Seam.CHUNKER, LineChunker(), [ActiveFault("chunks_oversized")])
    (chunk,) = chunker.chunk(documents()[0])
    assert chunk.text.endswith(TEXT)
    assert (chunk.start, chunk.end) == (0, len(TEXT))


@pytest.mark.parametrize("fault_id", ["chunks_tiny", "chunks_oversized"])
def test_a_bad_chunker_has_another_fingerprint_at_each_severity(fault_id: str) -> None:
    prints = {
        degrade_part(Seam.CHUNKER, LineChunker(), [ActiveFault(fault_id, value)]).fingerprint
        for value in (0.0, 0.5, 1.0)
    }
    assert len(prints) == 3


@pytest.mark.parametrize("fault_id", ["chunks_tiny", "chunks_oversized"])
def test_an_empty_document_has_no_chunk(fault_id: str) -> None:
    chunker = degrade_part(Seam.CHUNKER, LineChunker(), [ActiveFault(fault_id)])
    assert chunker.chunk(Document("d", "t", " \n")) == []


def test_a_dropped_filter_has_no_predicate() -> None:
    part = degrade_part(Seam.FILTER, VendorFilter(), [ActiveFault("filter_dropped")])
    assert part.predicate(query()) is None
    assert VendorFilter().predicate(query()) == {"vendor_id": "V-1"}


def test_a_filter_is_dropped_for_its_share_of_requests_and_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        active = [ActiveFault("filter_dropped", severity)]
        part = degrade_part(Seam.FILTER, VendorFilter(), active)
        return {seed for seed in range(1000) if part.predicate(query(seed)) is None}

    assert 240 < len(hit(0.3)) < 360
    assert hit(0.3) < hit(0.6)


def test_an_inverted_reranker_puts_the_worst_first_and_changes_no_score() -> None:
    given = passages([0.2, 0.9, 0.5])
    part = degrade_part(Seam.RERANKER, BySimilarity(), [ActiveFault("rerank_inverted")])
    assert [p.similarity for p in part.rerank(query(), given)] == [0.2, 0.5, 0.9]
    assert sorted(part.rerank(query(), given), key=id) == sorted(given, key=id)


def test_misrouted_descriptions_belong_to_the_neighbour_and_agents_stay() -> None:
    part = degrade_part(Seam.ROUTES, FourRoutes(), [ActiveFault("misroute")])
    healthy, slipped = FourRoutes().offered(Luck(1)), part.offered(Luck(1))
    assert [r.name for r in slipped] == [r.name for r in healthy]
    assert [r.agents for r in slipped] == [r.agents for r in healthy]
    assert all(a.description != b.description for a, b in zip(healthy, slipped, strict=True))
    assert {r.description for r in slipped} == {r.description for r in healthy}


PROMPT = """You answer questions. Be brief.

### Grounding
Answer only from the documents. Cite them like [D1].

If they hold no answer, say so.

### Style
Keep amounts as they are written.
<documents>
### Grounding
A wire carries the current to earth.
</documents>
Question: {question}"""


def grounding_removed(text: str):
    active = [ActiveFault("grounding_clause_removed")]
    return degrade_part(Seam.PROMPTS, FixedPrompts(text), active)


def test_the_grounding_section_goes_and_all_else_stays() -> None:
    prompt = grounding_removed(PROMPT).render("any", Luck(1), {"question": "why?"})
    instructions, _, rest = prompt.partition("<documents>")
    assert instructions == (
        "You answer questions. Be brief.\n\n### Style\nKeep amounts as they are written.\n"
    )
    assert rest == PROMPT.partition("<documents>")[2].format(question="why?")


def test_a_grounding_section_at_the_end_goes_with_the_blank_line_before_it() -> None:
    text = "Be brief.\n\n### Grounding\nAnswer only from the documents."
    assert grounding_removed(text).render("any", Luck(1), {}) == "Be brief."


def test_a_prompt_without_a_grounding_section_stays_as_it_is() -> None:
    text = "Choose the route that needs these documents.\n\nQuestion: {question}\n"
    prompt = grounding_removed(text).render("any", Luck(1), {"question": "why?"})
    assert prompt == text.format(question="why?")


def test_the_application_has_exactly_one_prompt_with_a_grounding_section() -> None:
    folder = Path(agents.prompts.__file__).parent
    changed = [
        path.stem
        for path in sorted(folder.glob("*.md"))
        if without_grounding(path.read_text()) != path.read_text()
    ]
    assert changed == ["response"]
    assert "only from the documents" not in without_grounding((folder / "response.md").read_text())


@pytest.mark.parametrize("fault_id", ["rerank_inverted", "placebo"])
def test_what_is_asked_beyond_the_protocol_comes_from_the_healthy_part(fault_id: str) -> None:
    part = degrade_part(Seam.RERANKER, BySimilarity(), [ActiveFault(fault_id)])
    assert part.name == BySimilarity.name
    assert getattr(part, "price", None) is None
    assert copy.copy(part).name == BySimilarity.name


@pytest.mark.parametrize("seed", range(20))
def test_placebo_parts_give_what_healthy_parts_give(seed: int) -> None:
    placebo = [ActiveFault("placebo")]
    document = documents()[0]
    chunker = degrade_part(Seam.CHUNKER, LineChunker(), placebo)
    assert chunker.chunk(document) == LineChunker().chunk(document)
    assert chunker.fingerprint == LineChunker.fingerprint
    predicate = degrade_part(Seam.FILTER, VendorFilter(), placebo).predicate(query(seed))
    assert predicate == VendorFilter().predicate(query(seed))
    routes = degrade_part(Seam.ROUTES, FourRoutes(), placebo).offered(Luck(seed))
    assert routes == FourRoutes().offered(Luck(seed))


def test_placebo_wraps_each_tool_of_a_list() -> None:
    tools = degrade_part(Seam.TOOLS, (VendorFilter(), VendorFilter()), [ActiveFault("placebo")])
    assert len(tools) == 2
    assert [tool.predicate(query()) for tool in tools] == [{"vendor_id": "V-1"}] * 2
