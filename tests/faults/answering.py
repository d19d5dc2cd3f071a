"""What the tests of faults in retrieval, context and prompts share."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from agents.context import BudgetedContext
from agents.ports import BuiltContext, Evidence
from corpus.luck import Luck
from corpus.ports import Chunk, Entity, Passage, Query
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

VENDOR = Entity("vendor", "V-1001", "Acme Feinmechanik GmbH")
INVOICE = Entity("invoice", "INV-2026-0042", "INV-2026-0042")


def degraded(seam: Seam, healthy: object, fault_id: str, severity: float = 1.0):
    return degrade_part(seam, healthy, [ActiveFault(fault_id, severity)])


def hit(behaves: Callable[[float, int], bool], severity: float) -> set[int]:
    """Return the seeds of 300 requests that behave otherwise at a severity."""
    return {seed for seed in range(300) if behaves(severity, seed)}


def grows_without_swapping(behaves: Callable[[float, int], bool]) -> bool:
    """Tell whether the requests hit are none, some, more of them, and all, as severity rises."""
    none, few, many, everyone = (hit(behaves, severity) for severity in (0.0, 0.3, 0.6, 1.0))
    return not none and 60 < len(few) < 120 and few < many < everyone and len(everyone) == 300


def query(seed: int = 1, text: str = "what", entities: Sequence[Entity] = (VENDOR,)) -> Query:
    return Query(text, tuple(entities), luck=Luck(seed))


def passages(*scores: tuple[float, float]) -> list[Passage]:
    """Return passages with a similarity and a lexical score each."""
    return [
        Passage(Chunk(str(n), "d", "", "", "", n, 0, 0), similarity, similarity, lexical=lexical)
        for n, (similarity, lexical) in enumerate(scores)
    ]


class RecordingSearch:
    """Finds nothing, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[Query] = []

    async def search(self, query: Query) -> Sequence[Evidence]:
        self.asked.append(query)
        return ()


def evidence(count: int = 5, words: int = 30) -> list[Evidence]:
    return [
        Evidence(f"c{n}", f"DOC-{n}", f"Title {n}", " ".join(f"w{n}.{i}" for i in range(words)))
        for n in range(count)
    ]


def count_words(text: str) -> int:
    return len(text.split())


def word_context(budget: int = 2000) -> BudgetedContext:
    return BudgetedContext(count_words, budget)


def built(
    fault_id: str,
    severity: float = 1.0,
    pieces: Sequence[Evidence] | None = None,
    seed: int = 1,
    budget: int = 2000,
) -> BuiltContext:
    part = degraded(Seam.CONTEXT, word_context(budget), fault_id, severity)
    return part.build("what?", evidence() if pieces is None else pieces, Luck(seed))
