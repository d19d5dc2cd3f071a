"""How many calls a second the model server answers on one core, its clock virtual.

Run with ``pytest tests/benchmarks/test_model_calls.py``. Sizes are prompt
tokens; *known* means that the passages were read before, *new* that none was.
The mix is what the application itself asks for a handful of questions.
Calls pass through the whole server, HTTP included, in this process.
"""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import httpx
import pytest
from pytest_benchmark.fixture import BenchmarkFixture
from starlette.types import ASGIApp, Message, Receive, Scope, Send

import corpus.documents
from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from corpus.token_store import TokenStore
from services.client import Question, ask
from services.identity import Identity
from services.llm.app import create_app
from services.settings import Settings
from services.transport import AppTransport
from services.virtual_time import VirtualClock, VirtualTimeLoop, run_virtual
from services.wiring import build_system

START = 1_782_813_600_000_000_000
SIZES = (500, 1_500, 8_000, 31_000)
GROUNDING = (
    "Answer only from the documents. Cite like [D1]. If the documents do not contain the answer, "
    'reply exactly "I could not find this in the available documents."'
)
QUESTION = "How many days do we have to pay an invoice of a new supplier?"


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def paragraphs() -> list[str]:
    files = sorted((Path(corpus.documents.__file__).parent / "policies").glob("*.md"))
    texts = [piece for file in files for piece in file.read_text("utf-8").split("\n\n")]
    return [text for text in texts if len(text.split()) > 15]


def prompt(encoder: SentenceTransformerEmbedder, tokens: int, mark: str = "") -> bytes:
    """Return a question about as many passages as have so many tokens; a mark makes them new."""
    shown: list[str] = []
    total = 60
    for number, text in enumerate(itertools.cycle(paragraphs()), start=1):
        passage = f"{text} ({mark}{number})" if mark or number > len(paragraphs()) else text
        total += encoder.count_tokens(passage) + 34
        if total > tokens:
            break
        tag = f'<document id="D{number}" source="P{number}" title="Policy {number}">'
        shown.append(f"{tag}\n{passage}\n</document>")
    user = "<documents>\n" + "\n".join(shown) + f"\n</documents>\nQuestion: {QUESTION}"
    messages = [{"role": "system", "content": GROUNDING}, {"role": "user", "content": user}]
    body = {"model": "sim-careful", "messages": messages, "seed": 1, "logprobs": True}
    return json.dumps(body).encode()


class Served:
    """A model server with a client, on a loop whose time is virtual."""

    def __init__(self, encoder: SentenceTransformerEmbedder) -> None:
        app = create_app(encoder, VirtualClock(START), TokenStore(encoder), blocks=2_048)
        self._runner = asyncio.Runner(loop_factory=lambda: VirtualTimeLoop(START))
        self._client = httpx.AsyncClient(
            transport=AppTransport(app), base_url="http://llm/v1/", timeout=600
        )

    def __enter__(self) -> Served:
        return self

    def __exit__(self, *error: object) -> None:
        self._runner.run(self._client.aclose())
        self._runner.close()

    def answer(self, bodies: Sequence[bytes]) -> None:
        """Send one request after the other."""
        self._runner.run(self._answer(bodies))

    async def _answer(self, bodies: Sequence[bytes]) -> None:
        for body in bodies:
            response = await self._client.post("chat/completions", content=body)
            assert response.status_code == 200, response.text


def note(benchmark: BenchmarkFixture, calls: int) -> None:
    """Keep the calls a second beside the times."""
    benchmark.extra_info["calls_per_second"] = round(calls / benchmark.stats.stats.median, 1)


@pytest.mark.parametrize("tokens", SIZES)
def test_calls_with_known_passages(
    benchmark: BenchmarkFixture, encoder: SentenceTransformerEmbedder, tokens: int
) -> None:
    body = prompt(encoder, tokens)
    calls = max(2, 30_000 // tokens)
    with Served(encoder) as server:
        server.answer([body])
        benchmark.pedantic(server.answer, ([body] * calls,), rounds=5)
    note(benchmark, calls)


@pytest.mark.parametrize("tokens", SIZES)
def test_calls_with_known_passages_and_a_new_question(
    benchmark: BenchmarkFixture, encoder: SentenceTransformerEmbedder, tokens: int
) -> None:
    body = prompt(encoder, tokens)
    calls = max(2, 15_000 // tokens)
    numbers = itertools.count()

    def asked() -> tuple[tuple[list[bytes]], dict[str, Any]]:
        made = [
            body.replace(b"a new supplier", f"new supplier {next(numbers)}".encode())
            for _ in range(calls)
        ]
        return (made,), {}

    with Served(encoder) as server:
        server.answer([body])
        benchmark.pedantic(server.answer, setup=asked, rounds=3)
    note(benchmark, calls)


@pytest.mark.parametrize("tokens", SIZES)
def test_calls_with_new_passages(
    benchmark: BenchmarkFixture, encoder: SentenceTransformerEmbedder, tokens: int
) -> None:
    numbers = itertools.count()

    def unread() -> tuple[tuple[list[bytes]], dict[str, Any]]:
        return ([prompt(encoder, tokens, f"edition {next(numbers)}, ")],), {}

    with Served(encoder) as server:
        benchmark.pedantic(server.answer, setup=unread, rounds=2)
    note(benchmark, 1)


def test_the_applications_own_mix(
    benchmark: BenchmarkFixture, encoder: SentenceTransformerEmbedder, tmp_path: Path
) -> None:
    bodies = recorded(tmp_path)
    with Served(encoder) as server:
        server.answer(bodies)
        benchmark.pedantic(server.answer, (bodies,), rounds=5)
    note(benchmark, len(bodies))
    benchmark.extra_info["calls"] = len(bodies)


def recorded(home: Path, questions: int = 24) -> list[bytes]:
    """Return the bodies of the calls that the application makes for a small company's questions."""
    bodies: list[bytes] = []

    async def run() -> None:
        settings = Settings(home=home, vendors=6, invoices=40)
        async with build_system(
            settings, VirtualClock(START), sinks=[], identity=Identity(run="benchmark")
        ) as system:
            assert system.llm is not None
            system.llm.add_middleware(Tap, bodies=bodies)
            for number in range(questions):
                asked = system.random_question(Luck(number)).question
                await ask(system.client, Question(asked, seed=number))

    run_virtual(run(), START)
    return bodies


class Tap:
    """Keeps the bodies of chat requests as they come in."""

    def __init__(self, app: ASGIApp, bodies: list[bytes]) -> None:
        self._app = app
        self._bodies = bodies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        parts: list[bytes] = []

        async def heard() -> Message:
            message = await receive()
            parts.append(message.get("body", b""))
            return message

        await self._app(scope, heard, send)
        if scope["path"].endswith("completions"):
            self._bodies.append(b"".join(parts))
