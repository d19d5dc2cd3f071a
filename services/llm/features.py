"""How well each segment speaks to a question, as a row of named numbers."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import numpy.typing as npt

from services.llm import meaning
from services.llm.asked import Asked
from services.llm.glossary import rivals
from services.llm.meaning import MEMBERS
from services.llm.naming import series_of
from services.llm.ranges import named_figures, stated_range
from services.llm.reading import (
    BlockReading,
    Matrix,
    QuestionReading,
    RowMemory,
    SegmentReading,
)
from services.llm.words import denies, turns

MEANT = tuple(
    name
    for member in range(MEMBERS)
    for name in (
        f"meant_own_{member}",  # nearness to the question by a learned map, of the segment alone
        f"meant_{member}",  # the same with its headings
        f"meant_{member}_behind",
    )
)
NAMES = (
    "own",  # weighted mean, over the question's tokens, of the best match in the segment
    "with_headings",  # the same, where a heading above the segment may match too
    "with_neighbours",  # the same, where the segments before and after may match as well
    "with_block",  # the same over the whole block
    "weakest",  # how well the two least well matched content words are matched, headings included
    "weakest_block",  # the same over the whole block
    "asked_back",  # mean, over the segment's tokens, of the best match in the question
    "key_asked",  # the same for the key of a key-value line
    "cosine",  # of the pooled token embeddings
    "words_own",  # share of the question's stems in the segment
    "words_context",  # share of them in the segment, its heading or the title
    "words_block",  # share of them anywhere in the block
    "cell_named",  # the longest cell of a row that the question spells out, as a share of it
    "concepts_own",  # share of the question's concepts that the segment or its column names
    "concepts_context",  # … or the heading or title
    "concepts_block",  # … or anything in the block
    "concepts_missed",  # concepts of the question that the block does not speak of, up to three
    "concept_rival",  # it speaks of what is easily taken for a concept of the question, not of it
    "concepts_surplus",  # share of the segment's own concepts that the question does not have
    "id_in_segment",  # an identifier of the question stands in the segment
    "id_in_title",  # … in the block's title or source
    "id_in_block",  # … somewhere in the block
    "id_other",  # the block is titled by another identifier of the same series
    "segment_other",  # the segment names only other identifiers of the same series
    "kind_present",  # share of the kinds asked for that the segment has a value of
    "kind_first",  # it has the first kind asked for
    "kind_absent",  # kinds are asked for and it has none of them
    "condition_met",  # a figure in the question falls into a range that the segment states
    "condition_in_row",  # … and the segment is a row, one of several such ranges
    "condition_missed",  # … falls outside of it
    "denied_alike",  # question and segment (or its heading) both deny something
    "denied_alone",  # only one of them does
    "denied_in_block",  # another segment of the block says that something is not there, or not yet
    "denied_itself",  # the segment itself says so
    "relations_shared",  # share of the question's before, after, during, above … in the segment
    "is_heading",
    "is_pair",
    "is_row",
    "is_tool_result",
    "empty_value",  # a key whose value is none
    "short",  # fewer than four words
    "own_behind",  # how far behind the best segment of the whole prompt it is, in "own"
    "with_headings_behind",
    "with_neighbours_behind",
    "with_block_behind",
    "cosine_behind",
    "words_context_behind",
    "concepts_context_behind",
    *MEANT,
)
_COMPARED = (
    "own",
    "with_headings",
    "with_neighbours",
    "with_block",
    "cosine",
    "words_context",
    "concepts_context",
    *(f"meant_{member}" for member in range(MEMBERS)),
)
COUNT = len(NAMES)
NOT_MEANT = COUNT - len(MEANT)
"""The first columns need no learned maps; those that do come last."""
AT = {name: column for column, name in enumerate(NAMES)}
_MEANT_AT = [AT[name] for name in MEANT if not name.endswith("_behind")]
Rows = npt.NDArray[np.float32]
Row = npt.NDArray[np.float32]


def measure(
    question: QuestionReading,
    asked: Asked,
    blocks: Sequence[BlockReading],
    memory: RowMemory | None = None,
) -> Rows:
    """Return the features of all segments of all blocks, shape (segments, ``COUNT``)."""
    known = memory or RowMemory(most=0)
    parts = [
        known.recall((question.text, b.title, b.text), partial(_of_block, question, asked, b))
        for b in blocks
    ]
    rows = np.concatenate(parts) if parts else np.zeros((0, COUNT), dtype=np.float32)
    if len(rows):
        for name in _COMPARED:
            column = rows[:, AT[name]]
            rows[:, AT[f"{name}_behind"]] = column - column.max()
    return rows


def _of_block(question: QuestionReading, asked: Asked, block: BlockReading) -> Rows:
    rows = np.zeros((len(block.segments), COUNT), dtype=np.float32)
    if len(block.segments) and len(block.vectors):
        _likeness(rows, question, block)
        rows[:, _MEANT_AT] = meaning.learned().of(
            question.meaning, block.subjects, block.above[block.heading_of]
        )
        rows[:, AT["denied_in_block"]] = any(denies(r.segment.text) for r in block.segments)
        for row, reading in zip(rows, block.segments, strict=True):
            _words(row, question, reading, block)
            row[AT["cell_named"]] = _cell_named(question.text.casefold(), reading)
            _concepts(row, question, reading, block)
            _identity(row, question, reading, block)
            _kinds(row, asked, reading)
            _conditions(row, question.text, reading)
            _turns(row, question.text, reading)
            _form(row, reading, block)
    return rows


def _likeness(rows: Rows, question: QuestionReading, block: BlockReading) -> None:
    """Late interaction of the question's tokens with those of each segment and its context."""
    similarity = question.vectors @ np.asarray(block.vectors, dtype=np.float32).T
    own = _best_by_segment(similarity, block)
    heads = np.stack(
        [
            similarity[:, heading].max(axis=1) if len(heading) else np.zeros(len(similarity))
            for heading in block.heading_rows
        ],
        axis=1,
    )
    context = np.maximum(own, heads[:, block.heading_of])
    around = context.copy()
    around[:, 1:] = np.maximum(around[:, 1:], own[:, :-1])
    around[:, :-1] = np.maximum(around[:, :-1], own[:, 1:])
    whole = similarity.max(axis=1)
    weights, content = question.weights, question.content
    rows[:, AT["own"]] = weights @ own
    rows[:, AT["with_headings"]] = weights @ context
    rows[:, AT["with_neighbours"]] = weights @ around
    rows[:, AT["with_block"]] = weights @ whole
    if content.any():
        rows[:, AT["weakest"]] = np.sort(context[content], axis=0)[:2].mean(axis=0)
        rows[:, AT["weakest_block"]] = np.sort(whole[content])[:2].mean()
    asked_back = similarity.max(axis=0)
    for row, reading in zip(rows, block.segments, strict=True):
        back = asked_back[reading.own]
        if len(back):
            row[AT["asked_back"]] = back.mean()
            if reading.key_tokens:
                row[AT["key_asked"]] = back[: reading.key_tokens].mean()
    rows[:, AT["cosine"]] = block.pooled @ question.pooled


def _best_by_segment(similarity: Matrix, block: BlockReading) -> Matrix:
    """Return each question token's best match in each segment, shape (tokens, segments)."""
    padded = np.concatenate([similarity, np.zeros((len(similarity), 1), np.float32)], axis=1)
    best: Matrix = np.maximum.reduceat(padded, block.bounds, axis=1)[:, ::2]
    best[:, block.empty] = 0.0
    return best


def _words(
    row: Row, question: QuestionReading, reading: SegmentReading, block: BlockReading
) -> None:
    if not question.stems:
        return
    size = len(question.stems)
    row[AT["words_own"]] = len(question.stems & reading.stems) / size
    context = reading.stems | block.title_stems | reading.heading_stems
    row[AT["words_context"]] = len(question.stems & context) / size
    row[AT["words_block"]] = len(question.stems & block.stems) / size


def _cell_named(question: str, reading: SegmentReading) -> float:
    named = [
        len(value)
        for _, value in reading.segment.cells
        if len(value) >= 4 and not value[0].isdigit() and value.casefold() in question
    ]
    return max(named, default=0) / max(len(question), 1)


def _concepts(
    row: Row, question: QuestionReading, reading: SegmentReading, block: BlockReading
) -> None:
    wanted = question.concepts
    if not wanted:
        return
    size = len(wanted)
    context = reading.concepts | reading.heading_concepts | block.title_concepts
    row[AT["concepts_own"]] = len(wanted & reading.concepts) / size
    row[AT["concepts_context"]] = len(wanted & context) / size
    row[AT["concepts_block"]] = len(wanted & block.concepts) / size
    row[AT["concepts_missed"]] = min(len(wanted - block.concepts), 3)
    rival: frozenset[str] = frozenset().union(*(rivals(concept) for concept in wanted)) - wanted
    row[AT["concept_rival"]] = bool(reading.concepts & rival) and not bool(
        {concept for concept in wanted if rivals(concept)} & reading.concepts
    )
    if reading.concepts:
        row[AT["concepts_surplus"]] = len(reading.concepts - wanted) / len(reading.concepts)


def _identity(
    row: Row, question: QuestionReading, reading: SegmentReading, block: BlockReading
) -> None:
    ids = question.ids
    if not ids:
        return
    in_title = any(i in other for i in ids for other in block.title_ids)
    row[AT["id_in_segment"]] = bool(ids & reading.ids)
    row[AT["id_in_title"]] = in_title
    row[AT["id_in_block"]] = in_title or bool(ids & block.ids)
    series = series_of(ids)
    row[AT["id_other"]] = bool(series & series_of(block.title_ids)) and not in_title
    named = {i for i in reading.ids if series & series_of((i,))}
    row[AT["segment_other"]] = bool(named) and not (named & ids)


def _kinds(row: Row, asked: Asked, reading: SegmentReading) -> None:
    if not asked.kinds:
        return
    present = [kind in reading.kinds for kind in asked.kinds]
    row[AT["kind_present"]] = sum(present) / len(present)
    row[AT["kind_first"]] = present[0]
    row[AT["kind_absent"]] = not any(present)


def _conditions(row: Row, question: str, reading: SegmentReading) -> None:
    """Compare figures of the question with the range that a rule in the text states."""
    stated = stated_range(reading.segment.text)
    if stated is None:
        return
    figures = [f.amount for f in named_figures(question) if f.kind is stated.kind]
    if figures:
        met = any(stated.holds(figure) for figure in figures)
        row[AT["condition_met"]] = met
        row[AT["condition_in_row"]] = met and reading.segment.kind == "row"
        row[AT["condition_missed"]] = not met


def _turns(row: Row, question: str, reading: SegmentReading) -> None:
    wanted = turns(question)
    there = turns(f"{reading.segment.heading}. {reading.segment.text}")
    row[AT["denied_itself"]] = denies(reading.segment.text)
    row[AT["denied_alike"]] = wanted.negated and there.negated
    row[AT["denied_alone"]] = wanted.negated != there.negated
    if wanted.relations:
        shared = wanted.relations & there.relations
        row[AT["relations_shared"]] = len(shared) / len(wanted.relations)


def _form(row: Row, reading: SegmentReading, block: BlockReading) -> None:
    segment = reading.segment
    row[AT["is_heading"]] = segment.kind == "heading"
    row[AT["is_pair"]] = segment.kind == "pair"
    row[AT["is_row"]] = segment.kind == "row"
    row[AT["is_tool_result"]] = block.is_record
    row[AT["empty_value"]] = segment.kind == "pair" and segment.value == "none"
    row[AT["short"]] = len(segment.text.split()) < 4
