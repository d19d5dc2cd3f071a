"""The retrieval service: finds the passages of a collection that speak to a query."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from typing import Annotated, Protocol

from fastapi import FastAPI, Header, Request
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field, field_validator

from corpus.errors import CorpusError, DefinitionError, UnknownCollectionError
from corpus.luck import Luck
from corpus.ports import Entity, Passage, Query
from corpus.retrieval import RetrievalEngine
from observability.telemetry import Telemetry
from services.health import add_health
from services.problems import (
    BodyLimit,
    install_problem_handlers,
    problem_response,
    problem_responses,
)

MAX_QUERY_CHARS = 8_000
MAX_TOP_K = 50
_MAX_BODY_BYTES = 200_000

Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


class Engines(Protocol):
    """Where the service gets its search engines from."""

    def collections(self) -> Mapping[str, int]:
        """Return the names of all collections with their numbers of documents."""
        ...

    def engine(self, collection: str, luck: Luck) -> RetrievalEngine:
        """Return the engine for one request, or raise ``UnknownCollectionError``."""
        ...


class EntityBody(BaseModel):
    """Something with a name of its own that the query is about."""

    kind: str = Field(max_length=40, examples=["invoice"])
    id: str = Field(max_length=80, examples=["INV-2026-0133"])
    name: str = Field("", max_length=200, examples=["INV-2026-0133"])


class SearchBody(BaseModel):
    """A search."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "query": "Why was invoice INV-2026-0133 not paid on time?",
                "collection": "finance",
                "entities": [{"kind": "invoice", "id": "INV-2026-0133", "name": "INV-2026-0133"}],
                "top_k": 5,
            }
        }
    )

    query: str = Field(max_length=MAX_QUERY_CHARS, description="What is asked, in plain words.")
    collection: str = Field("finance", min_length=1, max_length=64)
    entities: list[EntityBody] = Field(default_factory=list, max_length=20)
    top_k: int = Field(5, ge=1, le=MAX_TOP_K, description="How many passages at most.")

    @field_validator("query")
    @classmethod
    def _has_text(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("must not be blank")
        if "\x00" in value:
            raise ValueError("must be text")
        return value


class PassageBody(BaseModel):
    """A passage. ``score`` orders the list, ``similarity`` is the cosine with the query."""

    chunk_id: str = Field(examples=["MAIL-INV-2026-0133#0"])
    doc_id: str = Field(examples=["MAIL-INV-2026-0133"])
    title: str
    section: str
    text: str
    score: float
    similarity: float
    metadata: dict[str, str | int | float | bool]

    @classmethod
    def of(cls, passage: Passage) -> PassageBody:
        """Return a passage as it is sent."""
        chunk = passage.chunk
        return cls(
            chunk_id=chunk.id,
            doc_id=chunk.doc_id,
            title=chunk.title,
            section=chunk.section,
            text=chunk.text,
            score=passage.score,
            similarity=passage.similarity,
            metadata=dict(chunk.metadata),
        )


class SearchResult(BaseModel):
    """The passages found, best first."""

    collection: str
    passages: Sequence[PassageBody]


class CollectionBody(BaseModel):
    """A collection that can be searched."""

    name: str = Field(examples=["finance"])
    documents: int


class CollectionList(BaseModel):
    """All collections."""

    items: Sequence[CollectionBody]
    count: int


def create_app(
    engines: Engines,
    telemetry: Telemetry,
    version: str = "0",
    lifespan: Lifespan | None = None,
) -> FastAPI:
    """Return the service's application; ``engines`` stays its opener's to close."""
    app = FastAPI(
        title="StillGreen retrieval",
        version=version,
        summary="Finds the passages of a collection that speak to a query.",
        lifespan=lifespan,
    )
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=_MAX_BODY_BYTES)
    app.add_exception_handler(CorpusError, _corpus_error)

    @app.post(
        "/search",
        tags=["search"],
        summary="Find passages",
        responses=problem_responses(400, 404, 413, 422, 500),
    )
    async def search(
        body: SearchBody,
        seed: Annotated[
            int, Header(alias="X-StillGreen-Seed", ge=0, description="Decides all chance.")
        ] = 0,
    ) -> SearchResult:
        luck = Luck(seed)
        query = Query(
            text=body.query,
            entities=[Entity(entity.kind, entity.id, entity.name) for entity in body.entities],
            collection=body.collection,
            top_k=body.top_k,
            luck=luck,
        )
        # Content is shown by default only for the made-up company's own documents.
        with telemetry.fictional(body.collection == "finance"):
            passages = await engines.engine(body.collection, luck).search(query)
        return SearchResult(
            collection=body.collection, passages=[PassageBody.of(passage) for passage in passages]
        )

    @app.get("/collections", tags=["search"], summary="List the collections")
    async def collections() -> CollectionList:
        items = [
            CollectionBody(name=name, documents=count)
            for name, count in sorted(engines.collections().items())
        ]
        return CollectionList(items=items, count=len(items))

    async def index_is_open() -> None:
        engine = engines.engine("finance", Luck(0))
        if engine.parts.index.count() == 0:
            raise CorpusError("the index is empty: run `stillgreen index`")

    add_health(app, "retrieval", {"index": index_is_open})
    return app


async def _corpus_error(request: Request, error: Exception) -> JSONResponse:
    if isinstance(error, UnknownCollectionError):
        return problem_response(request, 404, f"{error}.")
    if isinstance(error, DefinitionError):
        return problem_response(request, 422, f"{error}.")
    return problem_response(request, 500, f"{error}.")
