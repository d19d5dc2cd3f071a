"""Reading step two: blocks with the token embeddings of their segments, cached by text."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.ports import TokenSource
from services.llm.glossary import concepts
from services.llm.meaning import learned
from services.llm.memory import Memory
from services.llm.naming import identifiers, plain_tokens, sorts_of, weigh_tokens
from services.llm.prompt import Block
from services.llm.segments import Segment, split
from services.llm.values import Kind, find_values
from services.llm.words import stems

Matrix = npt.NDArray[np.float32]
RowMemory = Memory[tuple[str, str, str], Matrix]
"""Features by question, title and text of a block; the rows of a block take about 3 kB."""
_CONTENT = 0.35
"""Rarity from which a word counts as one that has to be matched."""
_WHOLE_CHARACTERS = 1_600
"""Texts up to this length are tried whole, as an index may have encoded them already."""
_WINDOW_CHARACTERS = 600
"""A window is encoded at once; 600 characters stay below 256 word pieces, figures included."""


@dataclass(frozen=True, slots=True)
class SegmentReading:
    """A segment with what was noticed in it; ``own`` is its range of rows in the block's matrix."""

    segment: Segment
    own: slice
    stems: frozenset[str]
    heading_stems: frozenset[str]
    concepts: frozenset[str]
    heading_concepts: frozenset[str]
    key_tokens: int
    ids: frozenset[str]
    kinds: frozenset[Kind]


@dataclass(frozen=True, slots=True)
class BlockReading:
    """A block as read. ``vectors`` is (tokens, dimension), its rows in reading order.

    ``bounds`` alternates the first row of a segment and the row after its
    last; ``empty`` marks segments without a row. ``heading_rows`` holds the
    distinct sets of rows that head a segment (the title, and the heading or
    table header above it), ``heading_of`` tells which of them heads segment
    i. ``pooled`` and ``subjects`` are (segments, dimension), of unit length: of
    all tokens of a segment, and of those that tell what it is about, the key
    of a key-value line; ``above`` is the same of the distinct headings.
    ``is_record`` tells a tool's JSON from a text.
    """

    title: str
    text: str
    is_record: bool
    segments: tuple[SegmentReading, ...]
    vectors: npt.NDArray[np.float16]
    bounds: npt.NDArray[np.intp]
    empty: npt.NDArray[np.bool_]
    heading_rows: tuple[npt.NDArray[np.intp], ...]
    heading_of: npt.NDArray[np.intp]
    pooled: Matrix
    subjects: Matrix
    above: Matrix
    stems: frozenset[str]
    title_stems: frozenset[str]
    concepts: frozenset[str]
    title_concepts: frozenset[str]
    ids: frozenset[str]
    title_ids: frozenset[str]


@dataclass(frozen=True, slots=True)
class QuestionReading:
    """A question's tokens: ``vectors`` (tokens, dimension), ``weights`` that sum to 1.

    ``content`` marks the tokens of words that tell what it is about, ``focus``
    is the mean of the tokens by weight, ``meaning`` that of all tokens but
    names and figures, of unit length; ``aims`` is where learned maps put that,
    (members, rank), each of unit length; ``sorts`` are the sorts of things that
    it names.
    """

    text: str
    vectors: Matrix
    weights: npt.NDArray[np.float32]
    content: npt.NDArray[np.bool_]
    pooled: Matrix
    focus: Matrix
    meaning: Matrix
    aims: Matrix
    sorts: frozenset[str]
    stems: frozenset[str]
    concepts: frozenset[str]
    ids: frozenset[str]


class ReadingRoom:
    """Reads blocks and questions, and remembers those it read last."""

    def __init__(self, source: TokenSource, blocks: int = 1024, questions: int = 1536) -> None:
        # A block takes about 0.1 MB, a question 30 kB.
        self._source = source
        self._most_blocks = blocks
        self._most_questions = questions
        self.rows: RowMemory = Memory(most=4 * blocks)
        self.lines: Memory[tuple[str, ...], Any] = Memory(most=64)
        """Groups of short texts that are compared with a question again and again, read."""
        self.likeness: Memory[tuple[tuple[str, ...], str], Any] = Memory(most=questions)
        self._blocks: OrderedDict[tuple[str, str], BlockReading] = OrderedDict()
        self._questions: OrderedDict[str, QuestionReading] = OrderedDict()

    def question(self, text: str) -> QuestionReading:
        """Return the reading of a question or of any other short text that is compared."""
        known = self._questions.get(text)
        if known is not None:
            self._questions.move_to_end(text)
            return known
        tokens = self._source.tokens([text])[0]
        vectors = np.asarray(tokens.vectors, dtype=np.float32)
        if len(vectors) == 0:
            vectors = np.zeros((1, vectors.shape[1]), dtype=np.float32)
        weights = weigh_tokens(text, tokens.offsets.tolist())
        pooled = vectors.mean(axis=0)
        meaning = _meaning(text, vectors, tokens.offsets.tolist())
        reading = QuestionReading(
            text=text,
            vectors=vectors,
            weights=weights / weights.sum(),
            content=weights > _CONTENT,
            pooled=pooled / max(float(np.linalg.norm(pooled)), 1e-6),
            focus=np.asarray(weights @ vectors / weights.sum(), dtype=np.float32),
            meaning=meaning,
            aims=learned().aims(meaning),
            sorts=sorts_of(text),
            stems=stems(text),
            concepts=concepts(text),
            ids=identifiers(text),
        )
        self._questions[text] = reading
        if len(self._questions) > self._most_questions:
            self._questions.popitem(last=False)
        return reading

    def nearness(self, question: QuestionReading, text: str) -> float:
        """Return how near a short text, such as a column's name, lies to what a question asks."""
        vector = self.question(text).meaning[None]
        return float(learned().of(question.meaning, vector, np.zeros_like(vector))[0, 0::2].mean())

    def block(self, block: Block) -> BlockReading:
        """Return the reading of a block; the cost of a known text is a look-up."""
        key = (block.title, block.text)
        known = self._blocks.get(key)
        if known is not None:
            self._blocks.move_to_end(key)
            return known
        reading = self._read(block)
        self._blocks[key] = reading
        if len(self._blocks) > self._most_blocks:
            self._blocks.popitem(last=False)
        return reading

    def _read(self, block: Block) -> BlockReading:
        parted = split(block.text, block.title)
        kept, offsets = self._encode(parted.text, parted.segments)
        vectors = np.asarray(kept, dtype=np.float32)
        starts = offsets[:, 0]
        readings: list[SegmentReading] = []
        for segment in parted.segments:
            rows = np.flatnonzero((starts >= segment.start) & (starts < segment.end))
            own = slice(int(rows[0]), int(rows[-1]) + 1) if len(rows) else slice(0, 0)
            found = find_values(segment.text)
            above = " ".join([segment.heading, *(column for column, _ in segment.cells)])
            readings.append(
                SegmentReading(
                    segment=segment,
                    own=own,
                    stems=stems(segment.text),
                    heading_stems=stems(above),
                    concepts=concepts(segment.text),
                    heading_concepts=concepts(above),
                    ids=identifiers(segment.text),
                    kinds=frozenset(value.kind for value in found),
                    key_tokens=_key_tokens(segment, offsets[own]),
                )
            )
        heading_rows, heading_of = _headings(readings)
        return BlockReading(
            title=block.title,
            text=parted.text,
            is_record=parted.text is not block.text,
            segments=tuple(readings),
            vectors=kept,
            bounds=np.array(
                [b for r in readings for b in (r.own.start, r.own.stop)], dtype=np.intp
            ),
            empty=np.array([r.own.stop == r.own.start for r in readings], dtype=np.bool_),
            heading_rows=heading_rows,
            heading_of=heading_of,
            pooled=_pooled([r.own for r in readings], vectors),
            subjects=_pooled([_subject(r) for r in readings], vectors),
            above=_unit([vectors[rows] for rows in heading_rows], vectors.shape[1]),
            stems=stems(block.title).union(*(r.stems for r in readings)),
            title_stems=stems(block.title),
            concepts=concepts(block.title).union(*(r.concepts for r in readings)),
            title_concepts=concepts(block.title.replace("_", " ")),
            ids=identifiers(block.title).union(
                identifiers(block.source), *(r.ids for r in readings)
            ),
            title_ids=identifiers(_title(block)) | identifiers(block.source),
        )

    def _encode(
        self, text: str, segments: Sequence[Segment]
    ) -> tuple[npt.NDArray[np.float16], npt.NDArray[np.int32]]:
        """Encode a text whole if the encoder reads all of it, else in windows of segments."""
        if len(text) <= _WHOLE_CHARACTERS:
            whole = self._source.tokens([text])[0]
            offsets = np.asarray(whole.offsets, dtype=np.int32).reshape(-1, 2)
            if not len(offsets) or offsets[-1, 1] >= len(text.rstrip()):
                return whole.vectors, offsets
        windows: list[tuple[int, int]] = []
        start = 0
        for segment in segments:
            if segment.end - start > _WINDOW_CHARACTERS and segment.start > start:
                windows.append((start, segment.start))
                start = segment.start
        windows.append((start, len(text)))
        # One by one: in a batch a text's last bits would depend on its neighbours.
        encoded = [self._source.tokens([text[left:right]])[0] for left, right in windows]
        vectors = [tokens.vectors for tokens in encoded]
        placed = [
            np.asarray(tokens.offsets, dtype=np.int32).reshape(-1, 2) + left
            for tokens, (left, _) in zip(encoded, windows, strict=True)
        ]
        return np.concatenate(vectors), np.concatenate(placed)


def _title(block: Block) -> str:
    """Return what a block calls itself: its title, or its first line if it has none."""
    return block.title or block.text.strip().partition("\n")[0]


def _key_tokens(segment: Segment, offsets: npt.NDArray[np.int32]) -> int:
    """Return how many of a key-value line's tokens belong to its key."""
    if segment.kind != "pair" or not len(offsets):
        return 0
    end = int(offsets[0, 0]) + len(segment.key)
    return max(1, int((offsets[:, 0] < end).sum()))


def _subject(reading: SegmentReading) -> slice:
    """Return the rows that tell what a segment is about: of a key-value line, its key."""
    own = reading.own
    return slice(own.start, own.start + reading.key_tokens) if reading.key_tokens else own


def _pooled(parts: Sequence[slice], vectors: Matrix) -> Matrix:
    return _unit([vectors[part] for part in parts], vectors.shape[1])


def _unit(parts: Sequence[Matrix], dimension: int) -> Matrix:
    """Return the mean of each part at unit length; zeros for an empty one."""
    pooled = np.zeros((len(parts), dimension), dtype=np.float32)
    for row, part in zip(pooled, parts, strict=True):
        if len(part):
            mean = part.mean(axis=0)
            row[:] = mean / max(float(np.linalg.norm(mean)), 1e-6)
    return pooled


def _meaning(text: str, vectors: Matrix, offsets: Sequence[Sequence[int]]) -> Matrix:
    plain = plain_tokens(text, offsets)
    said = vectors[plain] if plain.any() else vectors
    whole: Matrix = _unit([said], vectors.shape[1])[0]
    return whole


def _headings(
    readings: Sequence[SegmentReading],
) -> tuple[tuple[npt.NDArray[np.intp], ...], npt.NDArray[np.intp]]:
    first = next((r for r in readings if r.segment.kind == "heading"), None)
    title = np.arange(first.own.start, first.own.stop) if first is not None else np.arange(0)
    distinct: list[npt.NDArray[np.intp]] = [title]
    heading_of = []
    for reading in readings:
        if reading.segment.kind == "heading" and reading is not first:
            distinct.append(np.concatenate([title, np.arange(reading.own.start, reading.own.stop)]))
        heading_of.append(len(distinct) - 1)
    return tuple(distinct), np.array(heading_of, dtype=np.intp)
