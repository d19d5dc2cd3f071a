"""How records lie in SQLite: one table for each kind, one more for its lines.

Columns are the fields of the dataclass. Amounts are stored as text, so that
they stay exact, and dates as ISO text, so that they compare as they should.
"""

from __future__ import annotations

import datetime as dt
import sqlite3
import types
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from functools import lru_cache
from typing import Any, TypeVar, Union, get_args, get_origin, get_type_hints

from corpus.ledger.records import (
    Agreement,
    Approval,
    Discrepancy,
    GoodsReceipt,
    GoodsReceiptLine,
    Hold,
    Invoice,
    InvoiceLine,
    Match,
    Payment,
    PaymentRun,
    PriceItem,
    PurchaseOrder,
    PurchaseOrderLine,
    Vendor,
)

R = TypeVar("R")


@dataclass(frozen=True, slots=True)
class Table:
    """A record's table; ``lines_field`` names the field whose records have a table of their own."""

    name: str
    record: Any
    key: str
    lines_field: str | None = None
    lines_table: str = ""
    line: Any = None


VENDORS = Table("vendors", Vendor, "id")
AGREEMENTS = Table("agreements", Agreement, "id", "items", "agreement_items", PriceItem)
ORDERS = Table(
    "purchase_orders", PurchaseOrder, "id", "lines", "purchase_order_lines", PurchaseOrderLine
)
RECEIPTS = Table(
    "goods_receipts", GoodsReceipt, "id", "lines", "goods_receipt_lines", GoodsReceiptLine
)
INVOICES = Table("invoices", Invoice, "id", "lines", "invoice_lines", InvoiceLine)
MATCHES = Table("matches", Match, "invoice_id", "discrepancies", "discrepancies", Discrepancy)
APPROVALS = Table("approvals", Approval, "id")
PAYMENTS = Table("payments", Payment, "id")
RUNS = Table("payment_runs", PaymentRun, "id")
HOLDS = Table("holds", Hold, "invoice_id")

TABLES = (
    VENDORS,
    AGREEMENTS,
    ORDERS,
    RECEIPTS,
    INVOICES,
    MATCHES,
    APPROVALS,
    PAYMENTS,
    RUNS,
    HOLDS,
)
INDEXES = (
    ("agreements", "vendor_id"),
    ("goods_receipts", "po_id"),
    ("invoices", "vendor_id"),
    ("approvals", "invoice_id"),
    ("payments", "invoice_id"),
    ("payments", "vendor_id"),
)


def create(connection: sqlite3.Connection) -> None:
    """Create all tables and indexes in an empty database."""
    for table in TABLES:
        names = _columns(table.record, table.lines_field)
        body = ", ".join(f"{n} TEXT PRIMARY KEY" if n == table.key else n for n in names)
        connection.execute(f"CREATE TABLE {table.name} ({body}) WITHOUT ROWID")
        if table.line:
            body = ", ".join(("parent", "ordinal INTEGER", *_columns(table.line)))
            connection.execute(
                f"CREATE TABLE {table.lines_table} ({body}, PRIMARY KEY (parent, ordinal)) "
                "WITHOUT ROWID"
            )
    for name, column in INDEXES:
        connection.execute(f"CREATE INDEX {name}_by_{column} ON {name} ({column})")


def insert(connection: sqlite3.Connection, table: Table, records: Iterable[Any]) -> None:
    """Store records and their lines."""
    names = _columns(table.record, table.lines_field)
    for record in records:
        _insert(connection, table.name, [_plain(getattr(record, name)) for name in names])
        if table.line and table.lines_field:
            key = getattr(record, table.key)
            for ordinal, line in enumerate(getattr(record, table.lines_field)):
                values = [_plain(getattr(line, name)) for name in _columns(table.line)]
                _insert(connection, table.lines_table, [key, ordinal, *values])


def select(
    connection: sqlite3.Connection,
    table: Table,
    record: type[R],
    where: str = "",
    values: Sequence[str] = (),
    order: str = "",
) -> list[R]:
    """Return the records of a table that a condition (SQL without the word WHERE) keeps."""
    names = _columns(table.record, table.lines_field)
    # Names come from the dataclasses and conditions from this package: no outside text is in them.
    statement = f"SELECT {', '.join(names)} FROM {table.name}"  # noqa: S608
    if where:
        statement += f" WHERE {where}"
    statement += f" ORDER BY {order or table.key}"
    rows = connection.execute(statement, tuple(values)).fetchall()
    lines = _lines(connection, table, where, values) if rows else {}
    found = []
    for row in rows:
        data = _typed(table.record, names, row)
        if table.lines_field:
            data[table.lines_field] = tuple(lines.get(row[names.index(table.key)], ()))
        found.append(record(**data))
    return found


def columns(
    connection: sqlite3.Connection,
    table: Table,
    names: Sequence[str],
    where: str = "",
    values: Sequence[str] = (),
) -> list[tuple[Any, ...]]:
    """Return some fields of the records that a condition keeps, rather than whole records."""
    statement = f"SELECT {', '.join(names)} FROM {table.name}"  # noqa: S608 - as above
    if where:
        statement += f" WHERE {where}"
    rows = connection.execute(f"{statement} ORDER BY {table.key}", tuple(values))
    return [tuple(_typed(table.record, names, row).values()) for row in rows]


def _lines(
    connection: sqlite3.Connection, table: Table, where: str, values: Sequence[str]
) -> dict[str, list[Any]]:
    """Return the lines of all records that a condition keeps, by their key, in one query."""
    line = table.line
    if line is None:
        return {}
    names = _columns(line)
    keys = f"SELECT {table.key} FROM {table.name}" + (f" WHERE {where}" if where else "")  # noqa: S608 - as above
    statement = (
        f"SELECT parent, {', '.join(names)} FROM {table.lines_table} "  # noqa: S608 - as above
        f"WHERE parent IN ({keys}) ORDER BY parent, ordinal"
    )
    found: dict[str, list[Any]] = {}
    for parent, *row in connection.execute(statement, tuple(values)):
        found.setdefault(parent, []).append(line(**_typed(line, names, row)))
    return found


def _insert(connection: sqlite3.Connection, name: str, values: Sequence[object]) -> None:
    marks = ", ".join("?" for _ in values)
    connection.execute(f"INSERT INTO {name} VALUES ({marks})", tuple(values))  # noqa: S608


@lru_cache
def _columns(record: Any, but: str | None = None) -> tuple[str, ...]:
    return tuple(f.name for f in fields(record) if f.name != but)


def _plain(value: object) -> object:
    if isinstance(value, Enum):
        return value.value
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, dt.date):
        return value.isoformat()
    return value


def _typed(record: Any, names: Sequence[str], row: Sequence[Any]) -> dict[str, Any]:
    convert = _converters(record)
    return {
        name: None if value is None else convert[name](value)
        for name, value in zip(names, row, strict=True)
    }


@lru_cache
def _converters(record: Any) -> dict[str, Callable[[Any], Any]]:
    return {name: _converter(kind) for name, kind in get_type_hints(record).items()}


def _converter(kind: Any) -> Callable[[Any], Any]:
    if get_origin(kind) in (Union, types.UnionType):
        kind = next(arg for arg in get_args(kind) if arg is not type(None))
    found: Callable[[Any], Any] = dt.date.fromisoformat if kind is dt.date else kind
    return found
