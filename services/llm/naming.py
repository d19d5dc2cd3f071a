"""What a text names, by identifiers and sorts of things, and how much each word of it tells."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt

from services.llm.values import Kind, find_values
from services.llm.words import rarity, word_spans

_NAMED = re.compile(r"(?<=[a-z,:'\"] )(?!EUR|USD|GBP|VAT|PO\b|IT\b|I\b|[A-Z]+-\d)[A-Z][\w&-]+")
_SERIES = re.compile(r"^[A-Z]+")


def identifiers(text: str) -> frozenset[str]:
    """Return the identifiers of a text, such as ``INV-2026-0133``, in upper case."""
    return frozenset(v.text.upper() for v in find_values(text.upper()) if v.kind is Kind.IDENTIFIER)


def series_of(ids: Iterable[str]) -> frozenset[str]:
    """Return the series that identifiers belong to: ``INV`` of ``INV-2026-0133``."""
    return frozenset(match[0] for match in map(_SERIES.match, ids) if match)


def sorts_of(text: str) -> frozenset[str]:
    """Return what sorts of things a text names: the series of its ids, a name, a figure."""
    found = set(series_of(identifiers(text)))
    if _NAMED.search(text):
        found.add("a name")
    kinds = {value.kind for value in find_values(text)}
    if kinds & {Kind.MONEY}:
        found.add("an amount")
    if Kind.DATE in kinds:
        found.add("a date")
    return frozenset(found)


def plain_tokens(text: str, offsets: Sequence[Sequence[int]]) -> npt.NDArray[np.bool_]:
    """Mark the tokens that belong to no name, identifier or figure: what a text says of them."""
    named = [match.span() for match in _NAMED.finditer(text)]
    named += [(v.start, v.end) for v in find_values(text) if v.kind is Kind.IDENTIFIER]
    named += [(start, end) for start, end in word_spans(text) if text[start].isdigit()]
    return np.array(
        [not any(a < right and left < b for a, b in named) for left, right in offsets],
        dtype=np.bool_,
    )


def weigh_tokens(text: str, offsets: Sequence[Sequence[int]]) -> npt.NDArray[np.float32]:
    """Weigh a question's tokens by the rarity of their word; figures and ids count elsewhere."""
    spans = []
    for start, end in word_spans(text):
        word = text[start:end]
        spans.append((start, end, 0.1 if word[0].isdigit() else rarity(word.casefold())))
    spans += [(v.start, v.end, 0.1) for v in find_values(text) if v.kind is Kind.IDENTIFIER]
    weights = np.full(len(offsets) or 1, 0.02, dtype=np.float32)
    for row, (start, end) in enumerate(offsets):
        for left, right, weight in spans:
            if start < right and left < end:
                weights[row] = weight
    return weights
