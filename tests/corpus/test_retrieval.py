from __future__ import annotations

import dataclasses

import pytest

from corpus.assembly import Assembly, assemble
from corpus.chunking import SectionChunker
from corpus.errors import DefinitionError
from corpus.index_cache import IndexCache
from corpus.luck import Luck
from corpus.ports import Document, Entity, Query
from corpus.retrieval import RetrievalEngine, StageLatencies
from corpus.span_attributes import spearman
from observability.recording import SpanRecord
from observability.telemetry import Telemetry, semconv
from tests.corpus.fakes import HashingEmbedder

VENDORS = ("Acme", "Borg", "Cyan")
DOCUMENTS = [
    Document(
        f"INV-{i}",
        f"Invoice INV-{i} from {name}",
        f"The total amount is {i}00 EUR.\n",
        {"doc_type": "invoice", "vendor_id": f"V-{i}", "invoice_id": f"INV-{i}"},
    )
    for i, name in enumerate(VENDORS)
] + [
    Document(
        "POL", "Payment policy", "An invoice is paid after approval.\n", {"doc_type": "policy"}
    )
]


class SteppingClock:
    """Remembers what was waited for; time passes only by waiting."""

    def __init__(self) -> None:
        self.now = 1_000_000_000
        self.waits: list[float] = []

    def now_ns(self) -> int:
        return self.now

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.now += round(seconds * 1e9)


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    embedder = HashingEmbedder()
    cache = IndexCache(tmp_path_factory.mktemp("index"))
    return assemble(DOCUMENTS, SectionChunker(embedder.count_tokens), embedder, cache)


def engine(assembly: Assembly) -> tuple[RetrievalEngine, list[SpanRecord], SteppingClock]:
    clock = SteppingClock()
    telemetry, spans = Telemetry.in_memory("retrieval", clock)
    return RetrievalEngine(assembly.parts, telemetry, clock), spans, clock


def about(number: int, **changes: object) -> Query:
    name = f"INV-{number}"
    query = Query(f"What is the total amount of {name}?", [Entity("invoice", name, name)])
    return dataclasses.replace(query, **changes)  # type: ignore[arg-type]


async def test_what_encodes_a_question_encodes_it_for_reranking_too(assembly: Assembly) -> None:
    asking = HashingEmbedder()
    parts = assembly.asked_with(asking)
    telemetry, _ = Telemetry.in_memory("retrieval", SteppingClock())

    await RetrievalEngine(parts, telemetry, SteppingClock()).search(about(1))

    assert parts.embedder is asking
    assert asking.encoded == [about(1).text]
    assert assembly.parts.embedder is not asking


async def test_the_asked_invoice_comes_first_and_no_other_vendors(assembly: Assembly) -> None:
    found = await engine(assembly)[0].search(about(1))

    assert found[0].chunk.doc_id == "INV-1"
    assert {passage.chunk.doc_id for passage in found} == {"INV-1", "POL"}


class LetsAllThrough:
    def predicate(self, query: Query) -> None:
        del query


async def test_without_a_filter_other_vendors_come_too(assembly: Assembly) -> None:
    searching, _, _ = engine(assembly)
    parts = dataclasses.replace(assembly.parts, filter=LetsAllThrough())

    found = await dataclasses.replace(searching, parts=parts).search(about(1))

    assert {passage.chunk.doc_id for passage in found} == {doc.id for doc in DOCUMENTS}


async def test_no_more_passages_come_than_asked_for(assembly: Assembly) -> None:
    assert len(await engine(assembly)[0].search(about(1, top_k=1))) == 1


async def test_each_stage_has_its_span_below_the_retrieval(assembly: Assembly) -> None:
    searching, spans, _ = engine(assembly)

    await searching.search(about(1))

    retrieval = next(span for span in spans if span.name == "retrieval finance")
    children = [span.name for span in spans if span.parent_id == retrieval.span_id]
    assert children == [
        "embeddings all-MiniLM-L6-v2",
        "stillgreen.filter",
        "query finance",
        "stillgreen.rerank",
    ]
    known = semconv.known_keys()
    assert [key for span in spans for key in span.attributes if key not in known] == []


async def test_the_filters_span_tells_rows_in_and_out(assembly: Assembly) -> None:
    searching, spans, _ = engine(assembly)

    await searching.search(about(1))

    (span,) = [span for span in spans if span.name == "stillgreen.filter"]
    assert span.attributes[semconv.FILTER_ROWS_IN] == 4
    assert span.attributes[semconv.FILTER_ROWS_OUT] == 2


async def test_the_vector_querys_span_tells_how_near_its_rows_are(assembly: Assembly) -> None:
    searching, spans, _ = engine(assembly)
    vector = assembly.parts.embedder.embed([about(1).text])[0]

    await searching.search(about(1))

    scores = [
        hit.score
        for hit in assembly.parts.index.search(vector, 40, None)
        if hit.chunk.doc_id in ("INV-1", "POL")
    ]
    (span,) = [span for span in spans if span.name == "query finance"]
    assert span.attributes[semconv.DB_RESPONSE_RETURNED_ROWS] == len(scores)
    assert span.attributes[semconv.QUERY_TOP_SCORE] == pytest.approx(max(scores), abs=1e-6)
    assert span.attributes[semconv.QUERY_MEAN_SCORE] == pytest.approx(
        sum(scores) / len(scores), abs=1e-6
    )


async def test_the_same_luck_waits_equally_long_and_finds_the_same(assembly: Assembly) -> None:
    first, _, clock = engine(assembly)
    second, _, other = engine(assembly)

    assert await first.search(about(1)) == await second.search(about(1))
    assert clock.waits == other.waits
    await first.search(about(1, luck=Luck(5)))
    assert clock.waits[3:] != clock.waits[:3]


async def test_an_empty_query_is_refused(assembly: Assembly) -> None:
    with pytest.raises(DefinitionError, match="empty"):
        await engine(assembly)[0].search(Query("  "))


async def test_a_top_k_below_one_is_refused(assembly: Assembly) -> None:
    with pytest.raises(DefinitionError, match="top_k"):
        await engine(assembly)[0].search(about(1, top_k=0))


def test_half_of_all_requests_wait_longer_than_the_median() -> None:
    latencies = StageLatencies()
    longer = [
        latencies.of("query", 0.01, Query("q", luck=Luck(seed))) > 0.01 for seed in range(1000)
    ]

    assert 450 < sum(longer) < 550


@pytest.mark.parametrize(("ranks", "rho"), [([0, 1, 2], 1.0), ([2, 1, 0], -1.0), ([0], None)])
def test_rank_correlation_tells_which_way_a_list_was_turned(
    ranks: list[int], rho: float | None
) -> None:
    assert spearman(ranks) == rho
