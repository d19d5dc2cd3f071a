"""Background traffic: questions at a steady rate, as from people at work."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from corpus.luck import Luck
from observability.clock import Clock
from services.client import GatewayError, Question, ask

AT_ONCE = 16
"""How many questions of the traffic may be under way."""


@dataclass
class Tally:
    """What became of the questions so far."""

    asked: int = 0
    failed: int = 0


async def keep_asking(
    client: httpx.AsyncClient,
    draw: Callable[[Luck], str],
    per_minute: float,
    clock: Clock,
    luck: Luck,
    tally: Tally,
) -> None:
    """Ask for ever, on average ``per_minute`` questions with random gaps in between.

    At most ``AT_ONCE`` questions are under way: beyond that the rate is what
    the application manages. Cancelling it cancels them too.
    """
    places = asyncio.Semaphore(AT_ONCE)

    async def one(number: int, mine: Luck) -> None:
        question = Question(draw(mine), session_id=f"traffic-{number}", seed=mine.seed)
        try:
            await ask(client, question)
        except GatewayError:
            tally.failed += 1
        finally:
            places.release()
        tally.asked += 1

    async with asyncio.TaskGroup() as group:
        number = 0
        while True:
            mine = luck.child("traffic", number)
            await clock.sleep(-math.log(mine.uniform("gap")) * 60 / per_minute)
            await places.acquire()
            group.create_task(one(number, mine))
            number += 1
