"""A library of a few made-up passages, and answers without a model."""

from __future__ import annotations

from dataclasses import dataclass

from corpus.ledger import WorldSettings, generate
from corpus.ports import Chunk, Hit, Metadata, Passage, Query, Vector
from corpus.questions import Evidence, GoldAnswer, GoldPart, Kind, Question
from services.lab.calibration.library import Library
from services.lab.calibration.questions import Asked
from services.lab.calibration.running import Answer
from services.lab.calibration.trial import Result
from tests.corpus.fakes import HashingEmbedder


class ListIndex:
    """Finds the same passages near to everything."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks

    def search(self, vector: Vector, limit: int, where: Metadata | None) -> list[Hit]:
        return [Hit(chunk, 1.0) for chunk in self._chunks[:limit]]


@dataclass(frozen=True)
class ListParts:
    index: ListIndex
    embedder: HashingEmbedder


class ListEngine:
    """Finds the same passages for everything, the gold one in second place."""

    def __init__(self, chunks: list[Chunk]) -> None:
        self._chunks = chunks
        # By the vectors alone the gold passage comes third.
        nearest = [*(one for one in chunks if one is not GOLD)]
        self.parts = ListParts(ListIndex([*nearest[:2], GOLD, *nearest[2:]]), HashingEmbedder())

    async def search(self, query: Query) -> list[Passage]:
        return [Passage(chunk, 1.0, 1.0) for chunk in self._chunks[: query.top_k]]


class NobodyFinder:
    """Recognises nobody."""

    def find(self, text: str) -> list[object]:
        return []


def chunk(number: int, kind: str = "invoice", text: str = "", vendor: str = "") -> Chunk:
    words = text or f"Note {number}: the parcel weighs {number + 3} kg."
    metadata = {"doc_type": kind, "vendor_id": vendor or f"V-{number}"}
    return Chunk(f"C{number}", f"DOC-{number}", f"Note {number}", "", words, 0, 0, 9, metadata)


GOLD = chunk(0, text="Invoice INV-2026-0001\nDue date: 2026-05-04", vendor="V-1")


def question(text: str = "When is invoice INV-2026-0001 due?") -> Question:
    return Question(
        id="due_date-INV-2026-0001-w1",
        family="due_date",
        wording="w1",
        text=text,
        gold=GoldAnswer((GoldPart(Kind.DATE, ("2026-05-04",)),)),
        evidence=(Evidence("DOC-0", "Due date: 2026-05-04"),),
        routes=frozenset({"documents"}),
        answerable=True,
    )


def library(others: int = 60) -> Library:
    near = [chunk(n) for n in range(1, others + 1)]
    far = [chunk(1000 + n, kind="policy") for n in range(150)]
    found = [near[0], GOLD, *near[1:]]
    embedder = HashingEmbedder()
    return Library.of(
        generate(WorldSettings(seed=1, vendors=2, invoices=4)),
        [*found, *far],
        ListEngine(found),  # type: ignore[arg-type]
        NobodyFinder(),  # type: ignore[arg-type]
        embedder,
        embedder,  # type: ignore[arg-type]
    )


def asked() -> Asked:
    return Asked(question(), GOLD)


def answer(
    result: Result,
    question: str = "q",
    preset: str = "sim-x",
    condition: str = "gold_only",
    confidence: float = 0.8,
) -> Answer:
    return Answer(condition, preset, question, result, confidence, 0.5, 0.02, 100, "")
