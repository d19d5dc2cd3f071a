"""The retrieval service over HTTP."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import httpx
from pydantic import BaseModel, Field, ValidationError

from agents.clients.retrying import SEED_HEADER, CallFailed, RetryPolicy, send
from agents.errors import RetrievalError
from agents.ports import Evidence
from corpus.ports import Query
from observability.clock import Clock


class _PassageBody(BaseModel):
    chunk_id: str
    doc_id: str
    title: str
    section: str = ""
    text: str
    score: float
    similarity: float | None = None
    metadata: Mapping[str, str | int | float | bool] = Field(default_factory=dict)


class _SearchBody(BaseModel):
    passages: list[_PassageBody]


class HttpSearch:
    """Asks the retrieval service for passages."""

    def __init__(
        self, client: httpx.AsyncClient, clock: Clock, policy: RetryPolicy | None = None
    ) -> None:
        """Take a client whose base URL is the service's."""
        self._client = client
        self._clock = clock
        self._policy = policy or RetryPolicy(first_wait=0.2)

    async def search(self, query: Query) -> Sequence[Evidence]:
        body = {
            "query": query.text,
            "collection": query.collection,
            "entities": [{"kind": e.kind, "id": e.id, "name": e.name} for e in query.entities],
            "top_k": query.top_k,
        }
        headers = {SEED_HEADER: str(query.luck.seed)}
        try:
            response, _ = await send(
                lambda: self._client.post("/search", json=body, headers=headers),
                self._policy,
                self._clock,
                "the retrieval service",
            )
        except CallFailed as error:
            raise RetrievalError(str(error)) from error
        if not response.is_success:
            raise RetrievalError(
                f"the retrieval service refused the search (status {response.status_code}): "
                f"{_detail(response)}"
            )
        try:
            passages = _SearchBody.model_validate_json(response.content).passages
        except ValidationError as error:
            raise RetrievalError("the retrieval service answered something else") from error
        return [_evidence(passage) for passage in passages]


def _evidence(passage: _PassageBody) -> Evidence:
    metadata = dict(passage.metadata)
    if passage.similarity is not None:
        metadata["similarity"] = passage.similarity
    if passage.section:
        metadata["section"] = passage.section
    return Evidence(
        id=passage.chunk_id,
        source=passage.doc_id,
        title=passage.title,
        text=passage.text,
        score=passage.score,
        metadata=metadata,
    )


def _detail(response: httpx.Response) -> str:
    try:
        body = response.json()
    except ValueError:
        return "no reason given"
    return str(body.get("detail", "no reason given")) if isinstance(body, dict) else "?"
