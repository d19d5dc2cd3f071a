"""The queue of answers that wait for a person, in SQLite."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import fields, replace
from pathlib import Path

from agents.errors import AgentError
from agents.ports import ReviewItem

_COLUMNS = tuple(field.name for field in fields(ReviewItem))
_DECISIONS = ("approved", "corrected", "rejected")


class SqliteReviewQueue:
    """A review queue in a file, or in memory when the path is ``:memory:``."""

    def __init__(self, path: Path | str) -> None:
        """Open the file, or raise ``AgentError`` when it is not a review queue."""
        if isinstance(path, Path):
            path.parent.mkdir(parents=True, exist_ok=True)
        try:
            self._connection = sqlite3.connect(path, isolation_level=None)
            self._connection.execute("PRAGMA journal_mode=WAL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS reviews (id TEXT PRIMARY KEY, trace_id TEXT NOT NULL, "
                "question TEXT NOT NULL, answer TEXT NOT NULL, reason TEXT NOT NULL, "
                "created_ns INTEGER NOT NULL, decision TEXT, note TEXT NOT NULL, "
                "resolved_ns INTEGER)"
            )
        except sqlite3.Error as error:
            raise AgentError(f"{path} cannot be used as a review queue: {error}") from error

    def close(self) -> None:
        """Close the file."""
        self._connection.close()

    def put(self, item: ReviewItem) -> None:
        marks = ", ".join("?" for _ in _COLUMNS)
        self._connection.execute(
            f"INSERT OR REPLACE INTO reviews ({', '.join(_COLUMNS)}) "  # noqa: S608 - own columns
            f"VALUES ({marks})",
            [getattr(item, column) for column in _COLUMNS],
        )

    def get(self, item_id: str) -> ReviewItem | None:
        found = self._select("WHERE id = ?", (item_id,))
        return found[0] if found else None

    def items(self, open_only: bool = True, limit: int = 100) -> Sequence[ReviewItem]:
        where = "WHERE decision IS NULL " if open_only else ""
        return self._select(f"{where}ORDER BY created_ns DESC, id LIMIT ?", (limit,))

    def resolve(self, item_id: str, decision: str, note: str, at_ns: int) -> ReviewItem | None:
        if decision not in _DECISIONS:
            raise AgentError(f"a review is {', '.join(_DECISIONS)}, not {decision!r}")
        item = self.get(item_id)
        if item is None:
            return None
        resolved = replace(item, decision=decision, note=note, resolved_ns=at_ns)
        self.put(resolved)
        return resolved

    def _select(self, clause: str, values: tuple[object, ...]) -> list[ReviewItem]:
        rows = self._connection.execute(
            f"SELECT {', '.join(_COLUMNS)} FROM reviews {clause}",  # noqa: S608 - own clauses
            values,
        )
        return [ReviewItem(*row) for row in rows]
