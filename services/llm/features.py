"""How well each segment speaks to a question, as a row of named numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.llm.asked import Asked
from services.llm.reading import BlockReading, Matrix, QuestionReading, SegmentReading
from services.llm.values import parse_number

NAMES = (
    "own",  # weighted mean, over the question's tokens, of the best match in the segment
    "with_headings",  # the same, where a heading above the segment may match too
    "with_block",  # the same over the whole block
    "weakest",  # how well the least well matched content words of the question are matched
    "asked_back",  # mean, over the segment's tokens, of the best match in the question
    "key_asked",  # the same for the key of a key-value line, or the best column of a row
    "cosine",  # of the pooled token embeddings
    "words_own",  # share of the question's stems in the segment
    "words_context",  # share of them in the segment, its heading or the title
    "words_block",  # share of them anywhere in the block
    "id_in_segment",  # an identifier of the question stands in the segment
    "id_in_title",  # … in the block's title or source
    "id_in_block",  # … somewhere in the block
    "id_other",  # the block is titled by another identifier of the same series
    "segment_other",  # the segment names only other identifiers of the same series
    "kind_present",  # share of the kinds asked for that the segment has a value of
    "kind_first",  # it has the first kind asked for
    "kind_absent",  # kinds are asked for and it has none of them
    "condition_met",  # a figure in the question falls into a range that the segment states
    "condition_missed",  # … falls outside of it
    "is_heading",
    "is_pair",
    "is_row",
    "empty_value",  # a key whose value is none
    "short",  # fewer than four words
)
COUNT = len(NAMES)
_SERIES = re.compile(r"^([A-Z]+)")
_CURRENCY = r"(?:[€$£]|EUR|USD|GBP|CHF)?\s?"
_N = r"\d[\d.,']*"
_BETWEEN = re.compile(
    rf"(?P<a>{_N})\s*(?:€|%|\w+)?\s*(?:–|—|-|\bto\b|\band\b|\bup to\b|\bbut not\b)\s*"
    rf"(?:and including\s+)?{_CURRENCY}(?P<b>{_N})",
    re.IGNORECASE,
)
_BELOW = re.compile(
    r"(?:\b(?:up to|at most|not? more than|less than|below|under|within|maximum(?: of)?)|[≤<])"
    rf"\s*(?:and including\s+)?{_CURRENCY}(?P<n>{_N})",
    re.IGNORECASE,
)
_ABOVE = re.compile(
    r"(?:\b(?:above|over|more than|exceed\w*|at least|from|beyond|greater than|minimum)|[≥>])"
    rf"\s*{_CURRENCY}(?P<n>{_N})",
    re.IGNORECASE,
)


def measure(
    question: QuestionReading, asked: Asked, blocks: Sequence[BlockReading]
) -> npt.NDArray[np.float32]:
    """Return the features of all segments of all blocks, shape (segments, ``COUNT``)."""
    parts = [_of_block(question, asked, block) for block in blocks]
    return np.concatenate(parts) if parts else np.zeros((0, COUNT), dtype=np.float32)


def _of_block(
    question: QuestionReading, asked: Asked, block: BlockReading
) -> npt.NDArray[np.float32]:
    rows = np.zeros((len(block.segments), COUNT), dtype=np.float32)
    if not len(block.segments) or not len(block.vectors):
        return rows
    similarity = question.vectors @ block.vectors.T
    weights = question.weights
    content = weights > 0.5 * weights.max()
    whole = float(weights @ similarity.max(axis=1))
    series = {match[1] for match in map(_SERIES.match, question.ids) if match}
    heads: dict[bytes, Matrix] = {}
    for row, (reading, heading) in zip(
        rows, zip(block.segments, block.headings, strict=True), strict=True
    ):
        own = reading.own
        if own.stop > own.start:
            inside = similarity[:, own]
            best = inside.max(axis=1)
            row[4] = float(inside.max(axis=0).mean())
            pooled = block.vectors[own].mean(axis=0)
            row[6] = float(question.pooled @ pooled) / max(float(np.linalg.norm(pooled)), 1e-6)
            row[5] = _key_asked(reading, inside)
        else:
            best = np.zeros(len(weights), dtype=np.float32)
        key = heading.tobytes()
        if key not in heads:
            heads[key] = similarity[:, heading].max(axis=1) if len(heading) else np.zeros_like(best)
        context = np.maximum(best, heads[key])
        row[0] = float(weights @ best)
        row[1] = float(weights @ context)
        row[2] = whole
        row[3] = float(np.sort(context[content])[:2].mean()) if content.any() else 0.0
        _words(row, question, reading, block)
        _identities(row, question.ids, series, reading, block)
        _kinds(row, asked, reading)
        _conditions(row, asked, reading)
        row[20] = reading.segment.kind == "heading"
        row[21] = reading.segment.kind == "pair"
        row[22] = reading.segment.kind == "row"
        row[23] = reading.segment.kind == "pair" and reading.segment.value == "none"
        row[24] = len(reading.segment.text.split()) < 4
    return rows


def _key_asked(reading: SegmentReading, inside: Matrix) -> float:
    """How well the question asks for the key: the mean best match of the key's tokens."""
    segment = reading.segment
    if segment.kind != "pair" or not segment.text:
        return 0.0
    share = len(segment.key) / max(len(segment.text), 1)
    columns = max(1, round(share * inside.shape[1]))
    return float(inside[:, :columns].max(axis=0).mean())


def _words(
    row: npt.NDArray[np.float32],
    question: QuestionReading,
    reading: SegmentReading,
    block: BlockReading,
) -> None:
    if not question.stems:
        return
    size = len(question.stems)
    row[7] = len(question.stems & reading.stems) / size
    context = reading.stems | block.title_stems | reading.heading_stems
    row[8] = len(question.stems & context) / size
    row[9] = len(question.stems & block.stems) / size


def _identities(
    row: npt.NDArray[np.float32],
    ids: frozenset[str],
    series: set[str],
    reading: SegmentReading,
    block: BlockReading,
) -> None:
    if not ids:
        return
    row[10] = bool(ids & reading.ids)
    row[11] = any(i in other for i in ids for other in block.title_ids)
    row[12] = bool(ids & block.ids) or bool(row[11])
    same_series = {i for i in block.title_ids if i.startswith(tuple(series))}
    row[13] = bool(same_series) and not row[11]
    named = {i for i in reading.ids if i.startswith(tuple(series))}
    row[14] = bool(named) and not (named & ids)


def _kinds(row: npt.NDArray[np.float32], asked: Asked, reading: SegmentReading) -> None:
    if not asked.kinds:
        return
    present = [kind in reading.kinds for kind in asked.kinds]
    row[15] = sum(present) / len(present)
    row[16] = present[0]
    row[17] = not any(present)


def _conditions(row: npt.NDArray[np.float32], asked: Asked, reading: SegmentReading) -> None:
    """Compare figures of the question with the range that a rule in the text states."""
    if not asked.amounts:
        return
    bounds = stated_range(reading.segment.text)
    if bounds is None:
        return
    low, high = bounds
    met = any(low <= amount <= high for amount in asked.amounts)
    row[18] = met
    row[19] = not met


def stated_range(text: str) -> tuple[float, float] | None:
    """Return the range that a sentence or row states, e.g. ``above 5,000 up to 25,000 EUR``."""
    low = _first(_ABOVE, text, "n")
    high = _first(_BELOW, text, "n")
    if low is not None and high is not None and low < high:
        return low, high
    between = _BETWEEN.search(text)
    if between:
        a, b = parse_number(between["a"]), parse_number(between["b"])
        if a is not None and b is not None and a < b:
            return a, b
    if high is not None:
        return 0.0, high
    if low is not None:
        return low, float("inf")
    return None


def _first(pattern: re.Pattern[str], text: str, group: str) -> float | None:
    match = pattern.search(text)
    return parse_number(match[group]) if match else None
