"""Examples to learn from: a question, what a reader would be shown, and what answers it."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import httpx
import numpy as np
import numpy.typing as npt

from agents.clients import HttpErp
from agents.entities import EntityFinder
from agents.evidence import record_evidence
from agents.finance import ARGUMENTS
from agents.ports import Tool
from agents.tools import load_tools
from corpus.assembly import assemble
from corpus.chunking import SectionChunker
from corpus.embedding import SentenceTransformerEmbedder
from corpus.index_cache import IndexCache
from corpus.ledger import World, WorldSettings
from corpus.luck import Luck
from corpus.ports import Entity, Query
from corpus.questions import GoldAnswer, Question, judge
from corpus.questions.families.policies import POLICY_FAMILIES
from corpus.retrieval import RetrievalEngine
from corpus.world import build_or_load
from observability.telemetry import Telemetry
from services.erp.app import create_app
from services.llm.abilities.calling import fill
from services.llm.abilities.saying import say
from services.llm.asked import what_is_asked
from services.llm.attention import Attention, look
from services.llm.glossary import concepts
from services.llm.prompt import Block, Prompt
from services.llm.reading import ReadingRoom, SegmentReading
from services.llm.words import denies
from services.transport import AppTransport
from services.virtual_time import VirtualClock
from services.wiring_gateway import gazetteer

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Example:
    """One prompt: ``rows`` are its segments' features, ``right`` marks those that answer.

    ``nothing`` tells that *nothing here* is a right answer, too. ``meaning`` is the
    question's vector, ``subjects`` and ``above`` are those of the segments and of
    their headings, (segments, dimension). ``asks`` is the same for questions that
    ask for the same of different records, empty for others.
    """

    family: str
    wording: str
    question: str
    rows: npt.NDArray[np.float32]
    right: npt.NDArray[np.bool_]
    nothing: bool
    texts: tuple[str, ...]
    meaning: npt.NDArray[np.float16]
    subjects: npt.NDArray[np.float16]
    above: npt.NDArray[np.float16]
    asks: str = ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A world made ready to be asked: its search, its tools, and who is who."""

    engine: RetrievalEngine
    tools: Sequence[Tool]
    finder: EntityFinder
    room: ReadingRoom


@contextmanager
def open_world(
    home: Path, settings: WorldSettings, embedder: SentenceTransformerEmbedder
) -> Iterator[tuple[World, Shown]]:
    """Build or open a world of the given seed below ``home``."""
    folder = build_or_load(home, settings)
    chunker = SectionChunker(embedder.count_tokens)
    assembly = assemble(folder.documents(), chunker, embedder, IndexCache(home / "index"))
    clock = VirtualClock(0)
    telemetry, _ = Telemetry.in_memory("fit", clock)
    world = folder.world()
    ledger = folder.open_ledger()
    app = create_app(ledger, telemetry, clock)
    client = httpx.AsyncClient(transport=AppTransport(app), base_url="http://erp")
    try:
        yield (
            world,
            Shown(
                RetrievalEngine(assembly.parts, telemetry, clock),
                load_tools(HttpErp(client, clock)),
                EntityFinder(gazetteer(ledger)),
                ReadingRoom(assembly.tokens),
            ),
        )
    finally:
        ledger.close()


@dataclass(frozen=True, slots=True)
class Situation:
    """A question and the blocks that a reader would be shown for it."""

    question: Question
    blocks: tuple[Block, ...]


async def situations_of(
    questions: Sequence[Question], shown: Shown, seed: int, progress: Progress
) -> list[Situation]:
    """Return each question with its passages and, where tools help, with records, and with both."""
    made: list[Situation] = []
    for number, question in enumerate(questions, start=1):
        entities = shown.finder.find(question.text)
        passages = await shown.engine.search(Query(question.text, entities, luck=Luck(seed)))
        documents = [
            Block(f"D{i}", p.chunk.title, p.chunk.text, p.chunk.doc_id)
            for i, p in enumerate(passages, start=1)
        ]
        made.append(Situation(question, tuple(documents)))
        records = await _records(shown, question, entities)
        if question.routes & {"ledger", "lookup"}:
            made.append(Situation(question, tuple(records)))
        if records:
            made.append(Situation(question, (*documents, *records)))
        progress(number, len(questions))
    return made


async def _records(shown: Shown, question: Question, entities: Sequence[Entity]) -> list[Block]:
    """Call every tool whose arguments the question names."""
    known = tuple((ARGUMENTS[e.kind], e.id) for e in entities if e.kind in ARGUMENTS)
    prompt = Prompt.of(question.text, known=known)
    blocks: list[Block] = []
    for tool in shown.tools:
        schema = json.loads(json.dumps(tool.definition.parameters))
        arguments = fill(shown.room, prompt, schema)
        if arguments:
            result = await tool.call(arguments, Luck(0))
            piece = record_evidence(len(blocks), result, shown.finder.names)
            if piece is not None:
                blocks.append(Block(f"T{len(blocks) + 1}", piece.title, piece.text, piece.source))
    return blocks


def example_of(room: ReadingRoom, situation: Situation) -> Example:
    """Return a situation as the reader sees it, with the segments marked that answer."""
    question, blocks = situation.question, situation.blocks
    asked = what_is_asked(question.text)
    reading = room.question(question.text)
    readings = [room.block(block) for block in blocks]
    attention = look(room, asked, reading, readings)
    stated = np.array(
        [_stated(question, attention, blocks[p.block], p.reading) for p in attention.places]
    )
    # Of segments that state one part of an answer and those that state all, the latter are right.
    right = (stated > 0) & (stated == stated.max(initial=0))
    nothing = question.gold.is_none or not question.answerable or not right.any()
    asks = "" if question.family in POLICY_FAMILIES else question.family
    return as_example(question.family, question.wording, attention, right, nothing, asks)


def as_example(
    family: str,
    wording: str,
    seen: Attention,
    right: npt.NDArray[np.bool_],
    nothing: bool,
    asks: str = "",
) -> Example:
    """Return what was seen as an example of what is right."""
    half = np.float16
    empty = np.zeros((0, len(seen.question.meaning)), dtype=half)
    return Example(
        family=family,
        wording=wording,
        question=seen.question.text,
        rows=seen.rows,
        right=right,
        nothing=nothing,
        texts=tuple(place.reading.segment.text for place in seen.places),
        meaning=seen.question.meaning.astype(half),
        subjects=np.concatenate([empty, *(b.subjects.astype(half) for b in seen.blocks)]),
        above=np.concatenate([empty, *(b.above[b.heading_of].astype(half) for b in seen.blocks)]),
        asks=asks,
    )


def _stated(question: Question, attention: Attention, block: Block, reading: SegmentReading) -> int:
    """Return how many parts of the answer a segment states, of the right thing."""
    segment = reading.segment
    if segment.kind == "heading" or not question.answerable:
        return 0
    spans = [e.span for e in question.evidence if e.doc_id == block.source]
    is_record = block.source.startswith("tool:")
    if not is_record and not any(overlap(segment.text, span) for span in spans):
        return 0
    said = say(segment, attention)
    if question.gold.is_none:
        topic = concepts(question.text) & (reading.concepts | reading.heading_concepts)
        return bool(topic) and denies(segment.text) and judge(question, said, False).correct
    parts = [replace(question, gold=GoldAnswer((part,))) for part in question.gold.parts]
    return sum(judge(part, said, False).correct for part in parts)


def overlap(text: str, span: str) -> bool:
    """Tell whether a segment and an evidence span are the same words, or one holds the other."""
    a, b = (" ".join(t.split()).strip("| -*") for t in (text, span))
    return a in b or b in a or a[:60] in b or b[:60] in a
