"""Background traffic: questions at a steady rate, as from people at work."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import httpx

from corpus.luck import Luck
from observability.clock import Clock
from services.client import GatewayError, Question, ask


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

    One question at a time: when the answers take longer than the gaps, the
    rate is what the application manages.
    """
    number = 0
    while True:
        mine = luck.child("traffic", number)
        await clock.sleep(-math.log(mine.uniform("gap")) * 60 / per_minute)
        question = Question(draw(mine), session_id=f"traffic-{number}", seed=mine.seed)
        try:
            await ask(client, question)
        except GatewayError:
            tally.failed += 1
        tally.asked += 1
        number += 1
