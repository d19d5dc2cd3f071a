"""The OpenAI-compatible application in front of the simulated models."""

from __future__ import annotations

import hmac
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass

from fastapi import FastAPI, Request
from fastapi.responses import Response, StreamingResponse
from pydantic_core import to_json
from starlette.exceptions import HTTPException

from agents.clients.retrying import SEED_HEADER
from corpus.luck import Luck
from corpus.ports import Embedder, TokenSource
from observability.clock import Clock
from services.health import add_health
from services.llm.errors import ModelServerError, Unauthorised, UnknownAddress
from services.llm.profiles import Catalogue, shipped
from services.llm.refusing import read_request
from services.llm.replies import Reply, model_card
from services.llm.serving import Deployment, Load, Models, Noise, Throttle
from services.llm.simulator import Completion, Simulator
from services.llm.streaming import stream
from services.llm.wire import ChatCompletionRequest


@dataclass(frozen=True, slots=True)
class Serving:
    """How the models are served.

    ``api_key`` is asked for as a bearer token, if there is one; ``noise`` is
    in logits and makes every model answer the same request a little
    differently each time, on top of what its profile says. Noise that is
    ``repeatable`` is the same for the same call of the same caller.
    """

    api_key: str | None = None
    requests_per_minute: int | None = None
    noise: float = 0.0
    repeatable: bool = False


def create_app(
    embedder: Embedder,
    clock: Clock,
    token_store: TokenSource | None = None,
    serving: Serving | None = None,
    noise: Luck | None = None,
    catalogue: Catalogue | None = None,
    blocks: int = 1024,
    models_for: Callable[[Luck], Models] | None = None,
) -> FastAPI:
    """Return the application.

    ``noise`` is where the noise of serving is drawn from; ``catalogue`` are
    the models offered, the shipped ones by default; ``blocks`` is how many
    passages are remembered. ``models_for`` gives what is served to a caller with
    that luck, by default the catalogue within the limit of ``serving``.
    """
    app = FastAPI(
        title="StillGreen simulated models",
        description="OpenAI-compatible chat completions by simulated readers.",
    )
    serving = serving or Serving()
    offered = catalogue or shipped()
    simulator = Simulator(token_store or embedder, embedder, blocks)
    everybody = Deployment(offered, serving.requests_per_minute)
    throttle = Throttle(clock)
    shaking = Noise(noise or Luck(0), serving.noise, serving.repeatable)
    load = Load()

    @app.exception_handler(ModelServerError)
    async def _refuse(_: Request, error: ModelServerError) -> Response:
        return _json(error.as_json(), error.headers, error.status)

    @app.exception_handler(HTTPException)
    async def _nothing_there(request: Request, error: HTTPException) -> Response:
        address = f"{request.method} {request.url.path}"
        return await _refuse(
            request, UnknownAddress(f"Invalid URL or method ({address})", error.status_code)
        )

    add_health(app, "llm", {})

    @app.get("/v1/models", tags=["models"])
    async def models(request: Request) -> dict[str, object]:
        """List the models, aliases included."""
        _authorise(request, serving.api_key)
        cards = [model_card(name, p) for p in offered for name in (p.alias, p.name) if name]
        return {"object": "list", "data": cards}

    @app.get("/v1/models/{model}", tags=["models"])
    async def model(model: str, request: Request) -> dict[str, object]:
        """Describe one model."""
        _authorise(request, serving.api_key)
        return model_card(model, offered.find(model))

    # The body is read by hand: FastAPI's own errors are not those of the API.
    @app.post(
        "/v1/chat/completions",
        tags=["chat"],
        response_model=None,
        openapi_extra={"requestBody": _documented()},
    )
    async def chat(request: Request) -> Response:
        """Create a chat completion, streamed or whole."""
        _authorise(request, serving.api_key)
        body = read_request(await request.body())
        seed = _seed(body, clock)
        caller = _caller(request, seed)
        served = everybody if models_for is None else models_for(caller)
        profile = served.find(body.model, caller)
        headers = {"openai-model": profile.name, **throttle.admit(served.allowance(caller))}
        luck = shaking.over(Luck(seed), profile, caller)
        completions = [
            simulator.complete(body, profile, luck.child(i) if i else luck) for i in range(body.n)
        ]
        reply = Reply.of(body, profile, seed, clock.now_ns() // 1_000_000_000)

        def pace() -> float:
            return load.factor(profile)

        async def events() -> AsyncGenerator[str, None]:
            # A client that goes away closes this, and its place is free again.
            with load.one_more():
                async with aclosing(stream(body, completions, reply, clock, pace)) as parts:
                    async for event in parts:
                        yield event

        if body.stream:
            return StreamingResponse(events(), media_type="text/event-stream", headers=headers)
        with load.one_more():
            await clock.sleep(max(c.first_token_after for c in completions) * pace())
            await clock.sleep(max(_writing(c) for c in completions) * pace())
        return _json(reply.whole(completions, body), headers)

    return app


def _authorise(request: Request, key: str | None) -> None:
    if key is None:
        return
    given = request.headers.get("authorization", "")
    if not given:
        raise Unauthorised(
            "You didn't provide an API key. Provide it in an Authorization header using Bearer "
            "auth (i.e. Authorization: Bearer YOUR_KEY)."
        )
    if not hmac.compare_digest(given.encode(), f"Bearer {key}".encode()):
        raise Unauthorised("Incorrect API key provided.")


def _seed(body: ChatCompletionRequest, clock: Clock) -> int:
    """Return the request's seed; without one a temperature of 0 repeats, others do not."""
    if body.seed is not None:
        return body.seed
    if body.temperature == 0:
        return Luck(0).child("prompt", *(message.text for message in body.messages)).seed
    return clock.now_ns()


def _caller(request: Request, seed: int) -> Luck:
    """Return the luck of the question that a call is made for, if it tells, else the call's."""
    told = request.headers.get(SEED_HEADER, "")
    return Luck(int(told)) if told.isascii() and told.isdigit() and len(told) < 20 else Luck(seed)


def _writing(completion: Completion) -> float:
    return completion.per_token * max(completion.output_tokens - 1, 0)


def _json(
    payload: dict[str, object], headers: dict[str, str] | None = None, status: int = 200
) -> Response:
    return Response(to_json(payload), status, headers, "application/json")


def _documented() -> dict[str, object]:
    schema = {"$id": "chat-completion-request", **ChatCompletionRequest.model_json_schema()}
    return {"required": True, "content": {"application/json": {"schema": schema}}}
