from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest

from corpus.assembly import Assembly, assemble
from corpus.chunking import SectionChunker
from corpus.errors import UnknownCollectionError
from corpus.index_cache import IndexCache
from corpus.luck import Luck
from corpus.ports import Document
from corpus.retrieval import RetrievalEngine
from observability.telemetry import Telemetry
from services.retrieval import create_app
from tests.corpus.fakes import HashingEmbedder

DOCUMENTS = [
    Document("INV-1", "Invoice INV-1", "The total is 100 EUR.\n", {"invoice_id": "INV-1"}),
    Document("POL", "Payment policy", "An invoice is paid after approval.\n"),
]


class InstantClock:
    def now_ns(self) -> int:
        return 1

    async def sleep(self, seconds: float) -> None:
        pass


class OneCollection:
    """Serves one assembly under the company's name and notes whose luck was asked for."""

    def __init__(self, assembly: Assembly, telemetry: Telemetry) -> None:
        self._engine = RetrievalEngine(assembly.parts, telemetry, InstantClock())
        self.asked: list[Luck] = []

    def collections(self) -> Mapping[str, int]:
        return {"finance": len(DOCUMENTS)}

    def engine(self, collection: str, luck: Luck) -> RetrievalEngine:
        self.asked.append(luck)
        if collection != "finance":
            raise UnknownCollectionError(f"there is no collection {collection!r}")
        return self._engine


@pytest.fixture(scope="module")
def assembly(tmp_path_factory: pytest.TempPathFactory) -> Assembly:
    embedder = HashingEmbedder()
    cache = IndexCache(tmp_path_factory.mktemp("index"))
    return assemble(DOCUMENTS, SectionChunker(embedder.count_tokens), embedder, cache)


@pytest.fixture
def engines(assembly: Assembly) -> OneCollection:
    telemetry, _ = Telemetry.in_memory("retrieval", InstantClock())
    return OneCollection(assembly, telemetry)


@pytest.fixture
async def client(engines: OneCollection) -> AsyncIterator[httpx.AsyncClient]:
    telemetry, _ = Telemetry.in_memory("retrieval", InstantClock())
    transport = httpx.ASGITransport(create_app(engines, telemetry))
    async with httpx.AsyncClient(transport=transport, base_url="http://retrieval") as client:
        yield client


async def test_a_search_returns_passages_with_their_scores(client: httpx.AsyncClient) -> None:
    entities = [{"kind": "invoice", "id": "INV-1", "name": "INV-1"}]

    response = await client.post(
        "/search", json={"query": "What is the total of INV-1?", "entities": entities}
    )

    body = response.json()
    assert response.status_code == 200
    assert body["collection"] == "finance"
    assert body["passages"][0]["doc_id"] == "INV-1"
    assert set(body["passages"][0]) == {
        *("chunk_id", "doc_id", "title", "section", "text", "score", "similarity", "metadata")
    }


async def test_the_seed_of_the_header_is_the_searchs_luck(
    client: httpx.AsyncClient, engines: OneCollection
) -> None:
    await client.post("/search", json={"query": "total"}, headers={"X-StillGreen-Seed": "77"})

    assert engines.asked == [Luck(77)]


async def test_an_unknown_collection_is_a_404_problem(client: httpx.AsyncClient) -> None:
    response = await client.post("/search", json={"query": "total", "collection": "letters"})

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert "letters" in response.json()["detail"]


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"query": "   "},
        {"query": "x" * 8_001},
        {"query": "a\x00b"},
        {"query": "total", "top_k": 0},
        {"query": "total", "top_k": 51},
        {"query": "total", "entities": [{"kind": "invoice"}]},
    ],
)
async def test_a_search_that_makes_no_sense_is_a_422_problem(
    client: httpx.AsyncClient, body: dict[str, object]
) -> None:
    response = await client.post("/search", json=body)

    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


async def test_a_body_that_is_too_large_is_a_413_problem(client: httpx.AsyncClient) -> None:
    assert (await client.post("/search", json={"query": "x" * 300_000})).status_code == 413


async def test_the_collections_are_listed(client: httpx.AsyncClient) -> None:
    assert (await client.get("/collections")).json() == {
        "items": [{"name": "finance", "documents": 2}],
        "count": 1,
    }


async def test_the_service_is_ready_when_its_index_is_open(client: httpx.AsyncClient) -> None:
    response = await client.get("/health/ready")

    assert response.status_code == 200
    assert response.json()["dependencies"] == {"index": "ok"}
