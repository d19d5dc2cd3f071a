"""Reading practice: documents on anything but finance, so that the reader learns to read at all."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import files

import numpy as np
import yaml
from pydantic import BaseModel, ConfigDict

from corpus.chunking import SectionChunker
from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from corpus.ports import Chunk, Document
from services.lab.reader.examples import Example, as_example, overlap
from services.llm.asked import what_is_asked
from services.llm.attention import look
from services.llm.prompt import Block
from services.llm.reading import ReadingRoom

SHOWN = 5
"""Chunks in a prompt, as many as the application retrieves."""


class Asked(BaseModel):
    """A question and the line or sentence that answers it."""

    model_config = ConfigDict(extra="forbid")

    q: str
    evidence: str


class Text(BaseModel):
    """A document to practise on."""

    model_config = ConfigDict(extra="forbid")

    title: str
    text: str
    questions: list[Asked]
    unanswerable: list[str]


def texts() -> list[tuple[str, Text]]:
    """Return the practice documents with the name of the file they stand in, in a fixed order."""
    found: list[tuple[str, Text]] = []
    folder = files("services.lab.reader") / "practice"
    for path in sorted(folder.iterdir(), key=lambda p: p.name):
        if path.name.endswith(".yml"):
            raw = yaml.safe_load(path.read_text("utf-8"))
            found += [(path.name.removesuffix(".yml"), Text.model_validate(item)) for item in raw]
    return found


def practice_examples(
    embedder: SentenceTransformerEmbedder, room: ReadingRoom, seed: int = 0
) -> list[Example]:
    """Return an example per question: chunks of its document among chunks of others."""
    chunker = SectionChunker(embedder.count_tokens)
    known = texts()
    chunks = [
        chunker.chunk(Document(f"practice-{number}", text.title, text.text))
        for number, (_, text) in enumerate(known)
    ]
    made = []
    for number, (family, text) in enumerate(known):
        others = [chunk for i, of in enumerate(chunks) if i != number for chunk in of]
        asked = [(a.q, a.evidence) for a in text.questions] + [(q, "") for q in text.unanswerable]
        for question, evidence in asked:
            luck = Luck(seed).child(question)
            shown = _among(chunks[number], others, luck)
            made.append(
                _example(room, f"practice_{family}_{number}", question, evidence, number, shown)
            )
    return made


def _among(own: Sequence[Chunk], others: Sequence[Chunk], luck: Luck) -> list[Chunk]:
    room = max(SHOWN - len(own), 0)
    drawn = sorted(others, key=lambda chunk: luck.uniform("drawn", chunk.id))[:room]
    return sorted([*own[:SHOWN], *drawn], key=lambda chunk: luck.uniform("place", chunk.id))


def _example(
    room: ReadingRoom,
    family: str,
    question: str,
    evidence: str,
    number: int,
    shown: Sequence[Chunk],
) -> Example:
    blocks = [
        room.block(Block(f"D{i}", c.title, c.text, c.doc_id)) for i, c in enumerate(shown, start=1)
    ]
    seen = look(room, what_is_asked(question), room.question(question), blocks)
    right = [
        bool(evidence)
        and shown[place.block].doc_id == f"practice-{number}"
        and place.reading.segment.kind != "heading"
        and overlap(place.reading.segment.text, evidence)
        for place in seen.places
    ]
    return as_example(family, "", seen, np.array(right, dtype=np.bool_), not any(right))
