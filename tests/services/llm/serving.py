"""A model server to test."""

from __future__ import annotations

import httpx
import openai

from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from services.llm.app import Serving, create_app
from services.llm.profiles import Catalogue
from services.transport import AppTransport
from tests.agents.fakes import FakeClock

CONTEXT = "The rent of the hall in Bergen is 900 EUR a month and is due on the third of each month."
MESSAGES = [{"role": "user", "content": f"{CONTEXT}\n\nHow much is the rent of the hall?"}]
CHAT = {"model": "sim-careful", "messages": MESSAGES, "seed": 1}


def http_client(
    encoder: SentenceTransformerEmbedder,
    clock: FakeClock | None = None,
    catalogue: Catalogue | None = None,
    noise: Luck | None = None,
    noise_logits: float = 0.0,
    **settings: object,
) -> httpx.AsyncClient:
    app = create_app(
        encoder,
        clock or FakeClock(),
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
