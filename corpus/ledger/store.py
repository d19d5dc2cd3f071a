"""Writes a world into a ledger file, and reads one back."""

from __future__ import annotations

import sqlite3
from pathlib import Path
from typing import Any

from corpus.ledger import tables
from corpus.ledger.generator import VERSION
from corpus.ledger.world import World

APPLICATION_ID = 0x5347_4C44
"""Marks a SQLite file as a ledger of this project, format 1."""


def write(world: World, path: Path) -> None:
    """Write the world into a new file; the same world gives the same content."""
    connection = sqlite3.connect(path)
    try:
        connection.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        connection.execute(f"PRAGMA user_version = {VERSION}")
        tables.create(connection)
        records: tuple[tuple[tables.Table, tuple[Any, ...]], ...] = (
            (tables.VENDORS, world.vendors),
            (tables.AGREEMENTS, world.agreements),
            (tables.ORDERS, world.purchase_orders),
            (tables.RECEIPTS, world.receipts),
            (tables.INVOICES, world.invoices),
            (tables.MATCHES, world.matches),
            (tables.APPROVALS, world.approvals),
            (tables.PAYMENTS, world.payments),
            (tables.RUNS, world.runs),
            (tables.HOLDS, world.holds),
        )
        for table, rows in records:
            tables.insert(connection, table, rows)
        connection.commit()
    finally:
        connection.close()
