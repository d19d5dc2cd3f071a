"""The OpenAI-compatible application in front of the simulated models."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response, StreamingResponse

from corpus.luck import Luck
from corpus.ports import Embedder, TokenSource
from observability.clock import Clock
from services.health import add_health
from services.llm.errors import BadRequest, ModelServerError, RateLimited, Unauthorised
from services.llm.profiles import Catalogue, Profile, shipped
from services.llm.replies import Reply, logprobs, model_card
from services.llm.simulator import Completion, Simulator
from services.llm.wire import ChatCompletionRequest


class Throttle:
    """Allows so many requests in any minute; None allows all."""

    def __init__(self, clock: Clock, per_minute: int | None) -> None:
        self._clock = clock
        self._limit = per_minute
        self._times: list[int] = []

    def admit(self) -> None:
        """Count a request, or raise ``RateLimited``."""
        if self._limit is None:
            return
        now = self._clock.now_ns()
        self._times = [t for t in self._times if now - t < 60_000_000_000]
        if len(self._times) >= self._limit:
            wait = (self._times[0] + 60_000_000_000 - now) / 1e9
            raise RateLimited(f"Rate limit of {self._limit} requests per minute reached.", wait)
        self._times.append(now)


def create_app(
    embedder: Embedder,
    clock: Clock,
    token_store: TokenSource | None = None,
    api_key: str | None = None,
    requests_per_minute: int | None = None,
    catalogue: Catalogue | None = None,
    blocks: int = 256,
) -> FastAPI:
    """Return the application; with ``api_key`` it asks for that bearer token.

    ``catalogue`` are the models offered, the shipped ones by default; ``blocks``
    is how many passages are remembered.
    """
    app = FastAPI(
        title="StillGreen simulated models",
        description="OpenAI-compatible chat completions by simulated readers.",
    )
    offered = catalogue or shipped()
    simulator = Simulator(token_store or embedder, embedder, blocks)
    throttle = Throttle(clock, requests_per_minute)

    @app.exception_handler(ModelServerError)
    async def _refuse(_: Request, error: ModelServerError) -> JSONResponse:
        headers = (
            {"Retry-After": f"{error.retry_after:.0f}"} if isinstance(error, RateLimited) else None
        )
        return JSONResponse(_error(error), status_code=error.status, headers=headers)

    @app.exception_handler(RequestValidationError)
    async def _malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"][1:])
        refused = BadRequest(f"Invalid value for '{where}': {first['msg']}.", where or None)
        return JSONResponse(_error(refused), status_code=400)

    add_health(app, "llm", {})

    @app.get("/v1/models", tags=["models"])
    async def models() -> dict[str, object]:
        """List the models, aliases included."""
        cards = [model_card(name, p) for p in offered for name in (p.alias, p.name) if name]
        return {"object": "list", "data": cards}

    @app.get("/v1/models/{model}", tags=["models"])
    async def model(model: str) -> dict[str, object]:
        """Describe one model."""
        return model_card(model, offered.find(model))

    @app.post("/v1/chat/completions", tags=["chat"], response_model=None)
    async def chat(body: ChatCompletionRequest, request: Request) -> Response:
        """Create a chat completion, streamed or whole."""
        if api_key and request.headers.get("authorization") != f"Bearer {api_key}":
            raise Unauthorised("Incorrect API key provided.")
        throttle.admit()
        profile = offered.find(body.model)
        seed = body.seed if body.seed is not None else clock.now_ns()
        replies = [
            simulator.complete(body, profile, Luck(seed).child(i) if i else Luck(seed))
            for i in range(body.n)
        ]
        reply = Reply.of(body, profile, seed, clock.now_ns() // 1_000_000_000)
        if body.stream:
            events = _stream(body, replies, reply, clock)
            return StreamingResponse(events, media_type="text/event-stream")
        await clock.sleep(max(_duration(r) for r in replies))
        return JSONResponse(reply.whole(replies), headers=_headers(profile))

    return app


def _duration(completion: Completion) -> float:
    return completion.first_token_after + completion.per_token * max(
        completion.output_tokens - 1, 0
    )


def _headers(profile: Profile) -> dict[str, str]:
    return {"openai-version": "2020-10-01", "openai-model": profile.name}


def _error(error: ModelServerError) -> dict[str, object]:
    return {
        "error": {
            "message": error.message,
            "type": error.type,
            "param": error.param,
            "code": error.code,
        }
    }


async def _stream(
    body: ChatCompletionRequest, completions: list[Completion], reply: Reply, clock: Clock
) -> AsyncIterator[str]:
    """Yield server-sent events at the pace of the profile, in bursts of a few tokens."""
    for index, completion in enumerate(completions):
        await clock.sleep(completion.first_token_after)
        yield _event(reply.chunk(index, {"role": "assistant", "content": ""}))
        for delta in reply.call_deltas(completion):
            yield _event(reply.chunk(index, delta))
        pieces = _pieces(completion.content)
        pause = completion.per_token * max(completion.output_tokens - 1, 0) / max(len(pieces), 1)
        for piece in pieces:
            probabilities = logprobs(completion, piece) if body.logprobs else None
            yield _event(reply.chunk(index, {"content": piece}, probabilities=probabilities))
            await clock.sleep(pause)
        yield _event(reply.chunk(index, {}, finish=completion.finish_reason))
    if body.stream_options and body.stream_options.include_usage:
        yield _event(reply.usage_chunk(completions))
    yield "data: [DONE]\n\n"


def _event(payload: dict[str, object]) -> str:
    return f"data: {json.dumps(payload)}\n\n"


def _pieces(text: str, words: int = 8) -> list[str]:
    """Cut a text into bursts of so many words; joined they are the text."""
    parts = text.split(" ")
    groups = [" ".join(parts[i : i + words]) for i in range(0, len(parts), words)]
    return [g + (" " if i < len(groups) - 1 else "") for i, g in enumerate(groups)] if text else []
