"""A streamed reply: its events, its pace, and clients that go away."""

from __future__ import annotations

import asyncio
import json
import logging
import socket
from dataclasses import replace
from typing import Any

import httpx
import pytest
import uvicorn

from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from observability.clock import RealClock
from services.llm.app import Serving, create_app
from services.llm.profiles import Catalogue, Profile, find_profile
from services.llm.serving import Noise
from services.transport import AppTransport
from services.virtual_time import VirtualClock, run_virtual
from tests.agents.fakes import FakeClock
from tests.services.llm.serving import CHAT, CONTEXT, http_client

LONG = {**CHAT, "messages": [{"role": "user", "content": f"{CONTEXT}\n\nHow much is the rent?"}]}
STREAM = {**LONG, "stream": True, "stream_options": {"include_usage": True}}


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def steady(**changes: Any) -> Profile:
    return replace(find_profile("sim-careful"), name="steady", alias=None, jitter=0.0, **changes)


async def events(client: httpx.AsyncClient, body: dict[str, Any]) -> list[dict[str, Any]]:
    async with client.stream("POST", "chat/completions", json=body) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        lines = [line async for line in response.aiter_lines() if line]
    assert lines[-1] == "data: [DONE]"
    return [json.loads(line.removeprefix("data: ")) for line in lines[:-1]]


async def test_a_stream_is_the_whole_reply_in_pieces(encoder: SentenceTransformerEmbedder):
    client = http_client(encoder)
    parts = await events(client, {**STREAM, "logprobs": True, "top_logprobs": 3})
    whole = (
        await client.post("chat/completions", json={**LONG, "logprobs": True, "top_logprobs": 3})
    ).json()
    choices = [part["choices"][0] for part in parts if part["choices"]]
    text = "".join(choice["delta"].get("content") or "" for choice in choices)
    assert text == whole["choices"][0]["message"]["content"]
    assert choices[0]["delta"]["role"] == "assistant"
    assert [c["finish_reason"] for c in choices if c["finish_reason"]] == ["stop"]
    assert parts[-1]["usage"] == whole["usage"]
    assert {part["id"] for part in parts} == {whole["id"]}
    probable = [t for c in choices if c["logprobs"] for t in c["logprobs"]["content"]]
    assert probable == whole["choices"][0]["logprobs"]["content"]


async def test_time_passes_as_the_profile_says(encoder: SentenceTransformerEmbedder):
    profile = steady()
    for streamed in (True, False):
        clock = FakeClock()
        client = http_client(encoder, clock, Catalogue([profile]))
        usage = (await client.post("chat/completions", json={**LONG, "model": "steady"})).json()[
            "usage"
        ]
        clock.waits.clear()
        body = {**LONG, "model": "steady", "stream": streamed}
        await client.post("chat/completions", json=body)
        first = profile.first_token_base + (
            profile.first_token_per_input * usage["prompt_tokens"] / 1000
        )
        writing = profile.seconds_per_token * (usage["completion_tokens"] - 1)
        assert clock.waits[0] == pytest.approx(first)
        assert sum(clock.waits) == pytest.approx(first + writing)


async def test_a_longer_prompt_waits_longer_for_its_first_token(
    encoder: SentenceTransformerEmbedder,
):
    waits = []
    for size in (0, 400):
        clock = FakeClock()
        client = http_client(encoder, clock, Catalogue([steady()]))
        text = f"{CONTEXT}\n\n" + "More is said. " * size + "\n\nHow much is the rent?"
        messages = [{"role": "user", "content": text}]
        await events(client, {"model": "steady", "messages": messages, "seed": 1, "stream": True})
        waits.append(clock.waits[0])
    assert waits[1] > waits[0] + 0.1


async def test_times_jitter_with_the_seed_and_repeat_with_it(encoder: SentenceTransformerEmbedder):
    seen = []
    for seed in (1, 2, 1):
        clock = FakeClock()
        await events(http_client(encoder, clock), {**STREAM, "seed": seed})
        seen.append(clock.waits[0])
    assert seen[0] == seen[2] != seen[1]


@pytest.mark.parametrize("streamed", [True, False])
@pytest.mark.parametrize(("slowdown", "factor"), [(0.0, 1.0), (0.5, 2.0)])
def test_requests_in_flight_slow_each_other(
    encoder: SentenceTransformerEmbedder, streamed: bool, slowdown: float, factor: float
):
    def took(requests: int) -> float:
        async def run() -> float:
            clock = VirtualClock(0)
            app = create_app(encoder, clock, catalogue=Catalogue([steady(load_slowdown=slowdown)]))
            client = httpx.AsyncClient(transport=AppTransport(app), base_url="http://llm/v1/")
            body = {**LONG, "model": "steady", "stream": streamed}
            calls = [client.post("chat/completions", json=body) for _ in range(requests)]
            await asyncio.gather(*calls)
            return clock.now_ns() / 1e9

        return run_virtual(run())

    # The last of three is admitted when two others are in flight.
    assert took(3) == pytest.approx(factor * took(1), rel=0.35 if factor > 1 else 1e-6)
    if slowdown:
        assert took(3) > 1.4 * took(1)


async def test_noise_of_serving_makes_the_same_request_differ(
    encoder: SentenceTransformerEmbedder,
):
    texts = [
        "The rent of the hall in Bergen is 900 EUR.",
        "The rent of the barn in Bergen is 700 EUR.",
        "The rent of the yard in Bergen is 500 EUR.",
    ]
    messages = [{"role": "user", "content": " ".join(texts) + "\n\nHow much is the rent?"}]
    body = {"model": "sim-careful", "messages": messages, "seed": 3, "temperature": 0}

    async def answers(**settings: Any) -> list[str]:
        client = http_client(encoder, **settings)
        replies = [await client.post("chat/completions", json=body) for _ in range(12)]
        return [reply.json()["choices"][0]["message"]["content"] for reply in replies]

    assert len(set(await answers())) == 1
    noisy = await answers(noise=Luck(1), noise_logits=2.0)
    assert len(set(noisy)) > 1
    assert noisy == await answers(noise=Luck(1), noise_logits=2.0)
    assert noisy != await answers(noise=Luck(2), noise_logits=2.0)


def test_repeatable_noise_follows_from_caller_and_call() -> None:
    def answers(caller: int, served_before: int = 0) -> list[float]:
        noise = Noise(Luck(1), 1.0, repeatable=True)
        for other in range(served_before):
            noise.over(Luck(other), profile, Luck(other))
        return [noise.over(Luck(3), profile, Luck(caller)).gumbel("x") for _ in range(2)]

    profile = find_profile("sim-careful")
    first, second = answers(7)
    assert first == second
    assert answers(7, served_before=4) == [first, first]
    assert answers(8)[0] != first
    assert Luck(3).gumbel("x") != first


async def test_without_a_seed_a_temperature_of_zero_repeats(encoder: SentenceTransformerEmbedder):
    clock = FakeClock()
    client = http_client(encoder, clock)
    body = {key: value for key, value in CHAT.items() if key != "seed"} | {"temperature": 0}
    ids = set()
    for _ in range(2):
        ids.add((await client.post("chat/completions", json=body)).json()["id"])
        clock.ns += 10**9
    assert len(ids) == 1


async def test_a_client_that_goes_away_stops_the_generation_without_an_error(
    encoder: SentenceTransformerEmbedder, caplog: pytest.LogCaptureFixture
):
    class Slow(RealClock):
        waits = 0

        async def sleep(self, seconds: float) -> None:
            del seconds
            Slow.waits += 1
            await asyncio.sleep(0.02)

    clock = Slow()
    app = create_app(encoder, clock, serving=Serving())
    bound = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(app, lifespan="off", log_level="info", access_log=False)
    server = uvicorn.Server(config)
    with caplog.at_level(logging.WARNING):
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        while not server.started:  # noqa: ASYNC110 - uvicorn tells it by an attribute alone
            await asyncio.sleep(0.01)
        address = f"http://127.0.0.1:{bound.getsockname()[1]}/v1/"
        body = {**STREAM, "n": 60}
        async with (
            httpx.AsyncClient(base_url=address, trust_env=False) as client,
            client.stream("POST", "chat/completions", json=body) as response,
        ):
            async for line in response.aiter_lines():
                if '"content":"T' in line:
                    break
        await asyncio.sleep(0.1)
        seen = Slow.waits
        await asyncio.sleep(0.2)
        assert Slow.waits == seen, "it went on for nobody"
        assert seen < 60
        server.should_exit = True
        await serving
    assert [r.getMessage() for r in caplog.records if r.levelno >= logging.WARNING] == []
