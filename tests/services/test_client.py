"""The gateway's client returns answers, and turns every failure into one plain error."""

from __future__ import annotations

import httpx
import pytest
from fastapi import FastAPI

from agents.errors import ModelError
from corpus.luck import Luck
from services.client import GatewayError, Question, ask, ask_streaming
from services.traffic import Tally, keep_asking
from services.transport import AppTransport
from services.virtual_time import VirtualClock, run_virtual
from tests.services.fakes import FakeAsker, gateway_client


async def test_an_answer_comes_whole_or_as_events_with_the_same_end() -> None:
    async with gateway_client() as client:
        whole = await ask(client, Question("What?", seed=3))
        events = [event async for event in ask_streaming(client, Question("What?", seed=3))]
    assert whole["answer"] == "It is 42 EUR."
    assert events[-1].name == "done"
    assert events[-1].data == whole


async def test_the_question_carries_session_collection_and_seed() -> None:
    asker = FakeAsker()
    async with gateway_client(asker) as client:
        await ask(client, Question("What?", "mine", "s-1", "u-1", 9))
    (request,) = asker.asked
    assert (request.collection, request.session_id, request.user_id) == ("mine", "s-1", "u-1")
    assert request.luck == Luck(9)


@pytest.mark.parametrize("steps", [0, 2])
async def test_a_problem_is_told_in_its_own_words(steps: int) -> None:
    async with gateway_client(FakeAsker(ModelError("rubbish"), steps)) as client:
        with pytest.raises(GatewayError, match=r"model endpoint.*502"):
            await ask(client, Question("What?"))
        with pytest.raises(GatewayError, match=r"model endpoint.*502"):
            async for _ in ask_streaming(client, Question("What?")):
                pass


async def test_something_else_at_the_address_is_recognised() -> None:
    async with httpx.AsyncClient(
        transport=AppTransport(FastAPI(openapi_url=None)), base_url="http://other"
    ) as client:
        with pytest.raises(GatewayError, match="Not Found"):
            await ask(client, Question("What?"))


async def test_nobody_at_the_address_is_an_error_with_the_remedy() -> None:
    async with httpx.AsyncClient(base_url="http://127.0.0.1:9", trust_env=False) as client:
        with pytest.raises(GatewayError, match="stillgreen up"):
            await ask(client, Question("What?"))


def test_traffic_keeps_its_rate_and_counts_failures() -> None:
    clock = VirtualClock(0)
    tally = Tally()
    asker = FakeAsker()

    async def an_hour() -> None:
        import asyncio  # noqa: PLC0415

        async with gateway_client(asker) as client:
            work = keep_asking(client, lambda luck: f"Q{luck.seed}?", 30, clock, Luck(1), tally)
            task = asyncio.create_task(work)
            await clock.sleep(1800)
            asker.error = ModelError("down")
            await clock.sleep(1800)
            task.cancel()

    run_virtual(an_hour())
    assert 1500 < tally.asked < 2100
    assert 0.4 < tally.failed / tally.asked < 0.6
    assert len({request.question for request in asker.asked}) == len(asker.asked)
