"""Fill in a list: the rows of a table, the items of an enumeration, or the values of a sort."""

from __future__ import annotations

import re
from typing import Any

from services.llm.abilities.typed import read_value
from services.llm.abilities.wants import wanted
from services.llm.attention import Attention, attend
from services.llm.labels import fit, meaning
from services.llm.profiles import Profile
from services.llm.prompt import Prompt
from services.llm.reading import ReadingRoom
from services.llm.segments import Segment
from services.llm.styles import style_of

_FITS = 0.6
"""How well a column's head must fit a property to be taken for it."""
_TOTALS = frozenset(["net", "tax", "gross", "discount", "shipping", "balance", "paid"])


def list_items(
    room: ReadingRoom,
    prompt: Prompt,
    name: str,
    items: dict[str, Any],
    properties: dict[str, Any],
    profile: Profile,
) -> list[Any]:
    """Return the items of a list from the documents, none if there is nothing of the sort."""
    attention = attend(room, prompt, profile, question=f"What are the {name.replace('_', ' ')}?")
    if not attention.places:
        return []
    if properties:
        return _rows(attention, properties)
    return _values(attention, name, items)


def _rows(attention: Attention, properties: dict[str, Any]) -> list[Any]:
    """Return the rows of the table whose columns fit the properties best."""
    style = style_of("\n".join(block.text for block in attention.blocks))
    tables: dict[tuple[int, str, int], list[Segment]] = {}
    last: tuple[int, str, int] | None = None
    for number, place in enumerate(attention.places):
        segment = place.reading.segment
        if segment.kind != "row":
            last = None
            continue
        last = last or (place.block, segment.heading, number)
        tables.setdefault(last, []).append(segment)
    best: list[Any] = []
    most = 0.0
    for rows in tables.values():
        columns = list(dict.fromkeys(column for row in rows for column, _ in row.cells))
        mapped, score = _mapped(columns, properties)
        if score > most:
            most = score
            made = [
                {
                    key: _cell(row, mapped.get(key), key, spec, style)
                    for key, spec in properties.items()
                }
                for row in rows
                if not _is_total(row, columns)
            ]
            best = [row for row in made if any(v not in (None, "", 0) for v in row.values())]
    return best


def _mapped(columns: list[str], properties: dict[str, Any]) -> tuple[dict[str, str], float]:
    """Return the column of each property, the best fitting pairs first, and how well all fit."""
    pairs = sorted(
        (
            (fit(meaning(key), meaning(column)), key, column)
            for key in properties
            for column in columns
        ),
        key=lambda pair: -pair[0],
    )
    mapped: dict[str, str] = {}
    score = 0.0
    for value, key, column in pairs:
        if value >= _FITS and key not in mapped and column not in mapped.values():
            mapped[key] = column
            score += value
    return mapped, score


def _cell(row: Segment, column: str | None, key: str, spec: dict[str, Any], style: Any) -> Any:
    want = wanted(key, spec)
    for head, value in row.cells:
        if head == column:
            if spec.get("type") == "string" and not want.iso:
                return value
            found = read_value(value, head, want, style)
            if found is not None:
                return found
    if spec.get("nullable"):
        return None
    return {"number": 0, "integer": 0, "boolean": False, "string": ""}.get(spec.get("type", ""))


def _is_total(row: Segment, columns: list[str]) -> bool:
    """Tell a row that sums up others: it begins like a total and has few cells filled."""
    filled = [value for _, value in row.cells if value]
    if not filled:
        return True
    return bool(meaning(filled[0]).fields & _TOTALS) and len(filled) < len(columns)


def _values(attention: Attention, name: str, items: dict[str, Any]) -> list[Any]:
    style = style_of("\n".join(block.text for block in attention.blocks))
    want = wanted(name, items)
    for index in attention.order()[:5]:
        if attention.logits[index] < attention.nothing_logit - 2.0:
            return []
        segment = attention.places[index].reading.segment
        told = segment.value if segment.kind == "pair" else segment.text
        parts = [p.strip(" .") for p in re.split(r"[,;•]|\band\b", told) if p.strip(" .")]
        if segment.kind == "heading" or len(parts) < 2:
            continue
        values = [read_value(part, segment.key, want, style) for part in parts]
        found = [value for value in values if value is not None]
        if items.get("type") == "string" and segment.kind == "pair":
            return parts
        if found:
            return found
    return []
