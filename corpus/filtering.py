"""Metadata predicates: evaluating them, and making one from what a question is about."""

from __future__ import annotations

import json
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, cast

import numpy as np
import numpy.typing as npt

from corpus.errors import DefinitionError
from corpus.ports import Chunk, Metadata, Query

Rows = npt.NDArray[np.bool_]

ABOUT_KEYS = ("invoice_id", "po_id", "vendor_id")
"""What a document can be about. A chunk about none of a kind has "" there."""

_REMEMBERED = 512

_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "$gt": lambda value, bound: value > bound,
    "$gte": lambda value, bound: value >= bound,
    "$lt": lambda value, bound: value < bound,
    "$lte": lambda value, bound: value <= bound,
}


def indexed_metadata(chunk: Chunk) -> dict[str, str | int | float | bool]:
    """Return a chunk's metadata as it is indexed: with every key of ``ABOUT_KEYS``."""
    return {
        "doc_id": chunk.doc_id,
        **dict.fromkeys(ABOUT_KEYS, ""),
        **chunk.metadata,
    }


class MetadataTable:
    """The metadata of a list of chunks, arranged so that a predicate is evaluated quickly."""

    def __init__(self, chunks: Sequence[Chunk]) -> None:
        self._size = len(chunks)
        self._columns: dict[str, dict[Any, list[int]]] = {}
        for row, chunk in enumerate(chunks):
            for key, value in indexed_metadata(chunk).items():
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


@dataclass(frozen=True, slots=True)
class EntityLinks:
    """Which order and vendor an invoice belongs to, as the documents' metadata say."""

    invoices: Mapping[str, tuple[str, str]]
    orders: Mapping[str, str]

    @classmethod
    def of(cls, chunks: Iterable[Chunk]) -> EntityLinks:
        """Read the links off the chunks of a collection."""
        invoices: dict[str, tuple[str, str]] = {}
        orders: dict[str, str] = {}
        for chunk in chunks:
            invoice, order, vendor = (str(chunk.metadata.get(key, "")) for key in ABOUT_KEYS)
            if invoice:
                before = invoices.get(invoice, ("", ""))
                invoices[invoice] = (before[0] or order, before[1] or vendor)
            if order and vendor:
                orders.setdefault(order, vendor)
        return cls(invoices, orders)


class EntityFilter:
    """Lets through the documents about what a question mentions, and those about nothing.

    An asked invoice lets through its own documents, those of its purchase
    order, and those of its vendor that are about no single invoice or order
    (a framework agreement); likewise one step shorter for an order. A vendor
    lets through all of its documents. Documents about no invoice, order or
    vendor (policies, manuals) are never kept out, since a question about an
    invoice may be one about the rule that applies to it. Several entities of
    one kind are alternatives; a vendor named beside an invoice adds nothing
    but the vendor's general documents.
    """

    def __init__(self, links: EntityLinks) -> None:
        self._links = links

    def predicate(self, query: Query) -> Metadata | None:
        invoices = _ids(query, "invoice")
        orders = _ids(query, "purchase_order")
        vendors = _ids(query, "vendor")
        if not (invoices or orders or vendors):
            return None
        linked = [self._links.invoices.get(invoice, ("", "")) for invoice in invoices]
        invoice_orders = _distinct(order for order, _ in linked)
        general_vendors = _distinct(
            [
                *(vendor for _, vendor in linked),
                *(self._links.orders.get(order, "") for order in orders),
                *(vendors if invoices or orders else ()),
            ]
        )
        ways: list[Metadata] = [_all(dict.fromkeys(ABOUT_KEYS, ""))]
        if invoices:
            ways.append(_any("invoice_id", invoices))
        if orders:
            ways.append(_any("po_id", orders))
        if invoice_orders:
            ways.append(_both({"invoice_id": ""}, _any("po_id", invoice_orders)))
        if vendors and not (invoices or orders):
            ways.append(_any("vendor_id", vendors))
        if general_vendors:
            ways.append(
                _both({"invoice_id": ""}, {"po_id": ""}, _any("vendor_id", general_vendors))
            )
        return cast(Metadata, {"$or": ways})


class NoFilter:
    """Lets everything through."""

    def predicate(self, query: Query) -> Metadata | None:
        return None


def _ids(query: Query, kind: str) -> list[str]:
    return _distinct(entity.id for entity in query.entities if entity.kind == kind)


def _distinct(ids: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(found for found in ids if found))


def _any(key: str, values: Sequence[str]) -> Metadata:
    return cast(Metadata, {key: values[0] if len(values) == 1 else {"$in": list(values)}})


def _both(*parts: Metadata) -> Metadata:
    return cast(Metadata, {"$and": list(parts)})


def _all(values: Mapping[str, str]) -> Metadata:
    return _both(*({key: value} for key, value in values.items()))
