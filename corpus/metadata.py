"""The metadata of indexed chunks, and the evaluation of predicates on it."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from corpus.errors import DefinitionError
from corpus.lexical_words import words
from corpus.ports import Chunk, Metadata

Rows = npt.NDArray[np.bool_]
Record = Mapping[str, str | int | float | bool]

ABOUT_KEYS = ("invoice_id", "po_id", "vendor_id")
"""What a document can be about. A chunk about none of a kind has "" there."""

SCOPE = "scope"
OWN, LISTING, GENERAL = "own", "listing", "general"
"""Values of ``scope``: about an entity; about none but naming some; naming none."""

CHUNK_ID = "chunk_id"

_REMEMBERED = 512

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda value, bound: value > bound,
    "$gte": lambda value, bound: value >= bound,
    "$lt": lambda value, bound: value < bound,
    "$lte": lambda value, bound: value <= bound,
}


def indexed_metadata(chunks: Sequence[Chunk]) -> list[Record]:
    """Return the chunks' metadata as it is indexed: with identity, every about-key, and scope.

    A chunk of a payment run is about no single invoice and names dozens; as
    one more document "about nothing" it would stand in the way of every
    question about another invoice, so it is told apart from a policy.
    """
    known = {
        str(chunk.metadata[key]).casefold()
        for chunk in chunks
        for key in ABOUT_KEYS
        if chunk.metadata.get(key)
    }
    return [
        {
            "doc_id": chunk.doc_id,
            CHUNK_ID: chunk.id,
            **dict.fromkeys(ABOUT_KEYS, ""),
            **chunk.metadata,
            SCOPE: _scope(chunk, known),
        }
        for chunk in chunks
    ]


def _scope(chunk: Chunk, known: set[str]) -> str:
    if any(chunk.metadata.get(key) for key in ABOUT_KEYS):
        return OWN
    return LISTING if known.intersection(words(chunk.text)) else GENERAL


class MetadataTable:
    """The metadata records of an index, arranged so that a predicate is evaluated quickly."""

    def __init__(self, records: Sequence[Record]) -> None:
        self._size = len(records)
        self._columns: dict[str, dict[Any, list[int]]] = {}
        for row, record in enumerate(records):
            for key, value in record.items():
                self._columns.setdefault(key, {}).setdefault(value, []).append(row)
        self._answers: OrderedDict[str, Rows] = OrderedDict()

    def select(self, where: Metadata | None) -> Rows:
        """Return for each chunk whether it satisfies a Chroma predicate, shape (chunks,).

        Raises ``DefinitionError`` for an operator that does not exist.
        """
        key = json.dumps(where, sort_keys=True) if where else ""
        rows = self._answers.get(key)
        if rows is None:
            rows = self._select(where) if where else np.ones(self._size, dtype=np.bool_)
            rows.setflags(write=False)
            self._answers[key] = rows
            if len(self._answers) > _REMEMBERED:
                self._answers.popitem(last=False)
        return rows

    def _select(self, where: Mapping[str, Any]) -> Rows:
        rows = np.ones(self._size, dtype=np.bool_)
        for key, condition in where.items():
            if key == "$and":
                rows &= np.logical_and.reduce([self._select(part) for part in condition])
            elif key == "$or":
                rows &= np.logical_or.reduce([self._select(part) for part in condition])
            elif isinstance(condition, Mapping):
                for operator, operand in condition.items():
                    rows &= self._compare(key, operator, operand)
            else:
                rows &= self._compare(key, "$eq", condition)
        return rows

    def _compare(self, key: str, operator: str, operand: Any) -> Rows:
        column = self._columns.get(key, {})
        match operator:
            case "$eq":
                return self._rows(column.get(operand, ()))
            case "$ne":
                return ~self._rows(column.get(operand, ()))
            case "$in":
                return self._rows(row for value in operand for row in column.get(value, ()))
            case "$nin":
                return ~self._rows(row for value in operand for row in column.get(value, ()))
        compare = _COMPARISONS.get(operator)
        if compare is None:
            raise DefinitionError(f"a metadata predicate has no operator {operator!r}")
        return self._rows(
            row
            for value, rows in column.items()
            if isinstance(value, str) == isinstance(operand, str) and compare(value, operand)
            for row in rows
        )

    def _rows(self, numbers: Iterable[int]) -> Rows:
        rows = np.zeros(self._size, dtype=np.bool_)
        rows[list(numbers)] = True
        return rows
