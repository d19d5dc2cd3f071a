"""Gives every record another number, in texts and in the records themselves."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any, TypeVar

from services.lab.mutation.figures import other_day

T = TypeVar("T")

_RUN = re.compile(r"\bRUN-(\d{4}-\d{2}-\d{2})\b")
_YEARLY = re.compile(r"\b(INV|PO|GR|PAY)-(\d{4})-(\d{4})\b")
_STANDING = re.compile(r"\b(V|FA)-(\d{4})\b")
_PLACE = re.compile(r"\bCC-(\d{3})\b")


def other_ids(text: str) -> str:
    """Return a text with every identifier changed; no two become the same."""
    text = _RUN.sub(lambda m: f"RUN-{other_day(dt.date.fromisoformat(m[1]))}", text)
    text = _YEARLY.sub(lambda m: f"{m[1]}-{int(m[2]) - 1}-{10000 - int(m[3]):04d}", text)
    text = _STANDING.sub(lambda m: f"{m[1]}-{11000 - int(m[2]):04d}", text)
    return _PLACE.sub(lambda m: f"CC-{int(m[1]) + 5}", text)


def rewritten(record: T, change: Callable[[str], str]) -> T:
    """Return records with every text in them changed, whatever they are nested in."""
    return _rewritten(record, change)  # type: ignore[no-any-return]


def _rewritten(value: Any, change: Callable[[str], str]) -> Any:
    if isinstance(value, Enum):
        return value
    if isinstance(value, str):
        return change(value)
    if isinstance(value, tuple | frozenset):
        return type(value)(_rewritten(each, change) for each in value)
    if isinstance(value, dict):
        return {key: _rewritten(each, change) for key, each in value.items()}
    if is_dataclass(value) and not isinstance(value, type):
        made = {f.name: _rewritten(getattr(value, f.name), change) for f in fields(value)}
        return type(value)(**made)
    return value
