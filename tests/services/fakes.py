"""Stand-ins for the parts behind the gateway."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import httpx

from agents.answer import (
    Answer,
    AskRequest,
    Citation,
    Listener,
    Progress,
    ReviewNote,
    Usage,
    Validation,
)
from agents.ports import ReviewItem
from corpus.luck import Luck
from services.gateway.app import GatewayParts, RandomQuestion, create_app
from services.health import Check
from services.transport import AppTransport


class FixedClock:
    """A clock that stands still and whose sleeps end at once."""

    def now_ns(self) -> int:
        return 1_782_777_600_000_000_000

    async def sleep(self, seconds: float) -> None:
        return


class FakeAsker:
    """Answers every question, or fails with a given error after some progress."""

    def __init__(self, error: Exception | None = None, steps: int = 1) -> None:
        self.error = error
        self.steps = steps
        self.asked: list[AskRequest] = []

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        self.asked.append(request)
        if listener is not None:
            for number in range(self.steps):
                await listener(Progress("step", "supervisor", f"step {number}"))
        if self.error is not None:
            raise self.error
        if listener is not None:
            await listener(Progress("delta", "response", "It is "))
            await listener(Progress("delta", "response", "42 EUR."))
        return answer(request)


def answer(request: AskRequest) -> Answer:
    return Answer(
        request_id=request.request_id,
        trace_id="a" * 32,
        answer="It is 42 EUR.",
        abstained=False,
        confidence=0.9,
        route="documents",
        agents=["retriever", "response", "validation"],
        citations=[Citation("INV-2026-0001", "Invoice", "42 EUR")],
        validation=Validation("supported", 1.0, 0.05),
        review=ReviewNote(False, None),
        usage=Usage(100, 10, 0.001),
        model="sim-careful-2026-03",
    )


class FakeReviews:
    """A review queue in a dictionary."""

    def __init__(self, items: Sequence[ReviewItem] = ()) -> None:
        self._items = {item.id: item for item in items}

    def put(self, item: ReviewItem) -> None:
        self._items[item.id] = item

    def get(self, item_id: str) -> ReviewItem | None:
        return self._items.get(item_id)

    def items(self, open_only: bool = True, limit: int = 100) -> Sequence[ReviewItem]:
        found = [i for i in self._items.values() if i.decision is None or not open_only]
        return found[:limit]

    def resolve(self, item_id: str, decision: str, note: str, at_ns: int) -> ReviewItem | None:
        item = self._items.get(item_id)
        if item is not None:
            item = replace(item, decision=decision, note=note, resolved_ns=at_ns)
            self._items[item_id] = item
        return item


async def _collections() -> Sequence[str]:
    return ["finance", "mine"]


def gateway_client(
    asker: FakeAsker | None = None,
    reviews: FakeReviews | None = None,
    checks: dict[str, Check] | None = None,
    collections: Callable[[], object] = _collections,
) -> httpx.AsyncClient:
    parts = GatewayParts(
        asker=asker or FakeAsker(),
        reviews=reviews or FakeReviews(),
        random_question=lambda luck: RandomQuestion(f"Question {luck.seed}?", "family"),
        collections=collections,  # type: ignore[arg-type]
        clock=FixedClock(),
        seed=lambda: 4711,
        request_id=lambda: "req-drawn",
        checks=checks or {},
    )
    return httpx.AsyncClient(
        transport=AppTransport(create_app(parts, "1.2.3")), base_url="http://gateway"
    )


__all__ = ["FakeAsker", "FakeReviews", "FixedClock", "Luck", "answer", "gateway_client"]
