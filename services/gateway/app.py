"""The public API: questions in, answers out, and the review queue."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, field
from typing import Annotated, Any, Protocol

from fastapi import APIRouter, FastAPI, Header, Path, Query, Request, Response
from fastapi.responses import JSONResponse, StreamingResponse
from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agents.answer import Answer, AskRequest, Listener
from agents.errors import AgentError
from agents.ports import ReviewQueue
from corpus.luck import Luck
from observability.clock import Clock
from services.gateway.checks import checked_question, checked_seed
from services.gateway.streaming import AnswerStream
from services.gateway.upstream import problem_of
from services.gateway.wire import (
    AnswerOut,
    AskBody,
    CollectionList,
    Decision,
    QuestionOut,
    ReviewList,
    ReviewOut,
)
from services.health import Check, add_health
from services.problems import (
    BodyLimit,
    FieldProblem,
    ProblemError,
    install_problem_handlers,
    problem_responses,
)

MAX_BODY_BYTES = 64 * 1024
"""Room for the longest question with every character escaped."""

_REQUEST_ID = re.compile(r"[\w.-]{1,64}")


class Asker(Protocol):
    """Works on questions."""

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        """Return the answer, or raise ``AgentError``; ``listener`` hears of the progress."""
        ...


@dataclass(frozen=True, slots=True)
class RandomQuestion:
    """A question of the example company and its kind."""

    question: str
    family: str


@dataclass(frozen=True, slots=True)
class GatewayParts:
    """What the gateway works with.

    ``seed`` and ``request_id`` draw them for requests that bring none;
    ``collections`` lists what can be searched; ``checks`` are its dependencies.
    """

    asker: Asker
    reviews: ReviewQueue
    random_question: Callable[[Luck], RandomQuestion]
    collections: Callable[[], Awaitable[Sequence[str]]]
    clock: Clock
    seed: Callable[[], int]
    request_id: Callable[[], str]
    checks: Mapping[str, Check] = field(default_factory=dict)
    max_question_chars: int = 4000


ReviewId = Annotated[str, Path(max_length=128)]
Lifespan = Callable[[FastAPI], AbstractAsyncContextManager[None]]


def create_app(parts: GatewayParts, version: str, lifespan: Lifespan | None = None) -> FastAPI:
    """Return the gateway's application."""
    app = FastAPI(
        title="StillGreen gateway",
        version=version,
        summary="Answers questions about a company's accounts payable.",
        lifespan=lifespan,
    )
    install_problem_handlers(app)
    app.add_middleware(BodyLimit, max_bytes=MAX_BODY_BYTES)
    app.add_middleware(_RequestIds, draw=parts.request_id)
    app.include_router(_questions(parts))
    app.include_router(_reviews(parts))
    add_health(app, "gateway", parts.checks)
    return app


class _RequestIds:
    """Gives every request an id, the caller's own if it is a plain one, and returns it."""

    def __init__(self, app: ASGIApp, draw: Callable[[], str]) -> None:
        self._app = app
        self._draw = draw

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = dict(scope["headers"]).get(b"x-request-id", b"").decode("latin-1")
        request_id = given if _REQUEST_ID.fullmatch(given) else self._draw()
        scope.setdefault("state", {})["request_id"] = request_id

        async def named(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["X-Request-Id"] = request_id
            await send(message)

        await self._app(scope, receive, named)


_STREAM: dict[str, Any] = {
    "description": "The answer; with `stream` the events `step`, `delta`, `done` (or `error`).",
    "content": {
        "text/event-stream": {
            "schema": {"type": "string"},
            "example": (
                'event: step\ndata: {"agent": "supervisor", "text": "route documents"}\n\n'
                'event: delta\ndata: {"text": "The gross amount"}\n\n'
                'event: done\ndata: {"request_id": "req-4f1d2c8a90be7713", "…": "…"}\n\n'
            ),
        }
    },
}


def _questions(parts: GatewayParts) -> APIRouter:
    router = APIRouter(prefix="/v1", tags=["questions"])
    known = {"finance"}

    async def check_collection(name: str) -> None:
        if name in known:
            return
        known.update(await parts.collections())
        if name not in known:
            there = ", ".join(sorted(known))
            raise ProblemError(
                422,
                f"There is no collection {name!r}. There is: {there}.",
                errors=[FieldProblem(pointer="/collection", detail="is not known")],
            )

    @router.post(
        "/ask",
        summary="Ask a question",
        response_model=AnswerOut,
        responses={200: _STREAM, **problem_responses(400, 413, 422, 500, 502, 503, 504)},
    )
    async def ask(
        body: AskBody,
        request: Request,
        seed: Annotated[
            str | None,
            Header(alias="X-StillGreen-Seed", description="Makes the answer repeatable."),
        ] = None,
    ) -> Response:
        given = checked_seed(seed)
        asked = AskRequest(
            question=checked_question(body.question, parts.max_question_chars),
            request_id=request.state.request_id,
            luck=Luck(parts.seed() if given is None else given),
            session_id=body.session_id,
            user_id=body.user_id,
            collection=body.collection,
        )
        try:
            await check_collection(body.collection)
            if not body.stream:
                answer = await parts.asker.ask(asked)
                return JSONResponse(AnswerOut.of(answer).model_dump())
            stream = AnswerStream(
                lambda listener: parts.asker.ask(asked, listener),
                request.url.path,
                asked.request_id,
            )
            await stream.begin()
        except AgentError as error:
            raise problem_of(error) from error
        return StreamingResponse(
            stream.events(),
            media_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )

    @router.get("/questions/random", summary="A question to try", responses=problem_responses(400))
    async def random_question(
        seed: Annotated[str | None, Header(alias="X-StillGreen-Seed")] = None,
    ) -> QuestionOut:
        given = checked_seed(seed)
        question = parts.random_question(Luck(parts.seed() if given is None else given))
        return QuestionOut(question=question.question, family=question.family)

    @router.get(
        "/collections", summary="What can be asked about", responses=problem_responses(502, 503)
    )
    async def collections() -> CollectionList:
        try:
            names = sorted(await parts.collections())
        except AgentError as error:
            raise problem_of(error) from error
        return CollectionList(items=names, count=len(names))

    return router


def _reviews(parts: GatewayParts) -> APIRouter:
    router = APIRouter(prefix="/v1/reviews", tags=["reviews"])

    def missing(review_id: str) -> ProblemError:
        return ProblemError(404, f"There is no review {review_id!r}. GET /v1/reviews lists them.")

    @router.get("", summary="Answers that wait for a person", responses=problem_responses(422))
    async def reviews(
        open_only: Annotated[bool, Query(description="False: resolved ones too.")] = True,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> ReviewList:
        items = [ReviewOut.of(item) for item in parts.reviews.items(open_only, limit)]
        return ReviewList(items=items, count=len(items))

    @router.get("/{review_id}", summary="One of them", responses=problem_responses(404))
    async def review(review_id: ReviewId) -> ReviewOut:
        item = parts.reviews.get(review_id)
        if item is None:
            raise missing(review_id)
        return ReviewOut.of(item)

    @router.post("/{review_id}", summary="Decide", responses=problem_responses(404, 409, 422))
    async def resolve(review_id: ReviewId, decision: Decision) -> ReviewOut:
        item = parts.reviews.get(review_id)
        if item is None:
            raise missing(review_id)
        if item.decision is not None:
            raise ProblemError(409, f"Review {review_id!r} is already {item.decision}.")
        resolved = parts.reviews.resolve(
            review_id, decision.decision, decision.note, parts.clock.now_ns()
        )
        if resolved is None:
            raise missing(review_id)
        return ReviewOut.of(resolved)

    return router
