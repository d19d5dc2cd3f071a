"""A model server to test, with a clock that notes what was waited for."""

from __future__ import annotations

import httpx
import openai

from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from services.llm.app import Serving, create_app
from services.llm.profiles import Catalogue
from services.transport import AppTransport

CONTEXT = "The rent of the hall in Bergen is 900 EUR a month and is due on the third of each month."
MESSAGES = [{"role": "user", "content": f"{CONTEXT}\n\nHow much is the rent of the hall?"}]
CHAT = {"model": "sim-careful", "messages": MESSAGES, "seed": 1}


class HurriedClock:
    """Time that passes at once, as it is waited for."""

    def __init__(self) -> None:
        self.ns = 1_782_820_800 * 10**9
        self.waits: list[float] = []

    def now_ns(self) -> int:
        return self.ns

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)
        self.ns += round(seconds * 1e9)


def http_client(
    encoder: SentenceTransformerEmbedder,
    clock: HurriedClock | None = None,
    catalogue: Catalogue | None = None,
    noise: Luck | None = None,
    noise_logits: float = 0.0,
    **settings: object,
) -> httpx.AsyncClient:
    app = create_app(
        encoder,
        clock or HurriedClock(),
        serving=Serving(noise=noise_logits, **settings),  # type: ignore[arg-type]
        catalogue=catalogue,
        noise=noise,
    )
    return httpx.AsyncClient(transport=AppTransport(app), base_url="http://llm/v1/")


def openai_client(encoder: SentenceTransformerEmbedder, **settings: object) -> openai.AsyncOpenAI:
    return openai.AsyncOpenAI(
        base_url="http://llm/v1",
        api_key="any",
        http_client=http_client(encoder, **settings),  # type: ignore[arg-type]
        max_retries=0,
    )
