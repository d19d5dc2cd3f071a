"""Layout of plain text: labels and values side by side, and columns without rules between them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

_GAP = re.compile(r"\t+[ \t]*| {2,}\t*|[ \t]*(?:\.[ ]?){4,}[ \t]*|[ \t]*_{4,}[ \t]*| ?; ?")
_WIDE = re.compile(r"\t| {2,}|(?:\.[ ]?){4,}|_{4,}")
_RULE = re.compile(r"^[\s\-=_*+.]{3,}$")
_LABEL_AND_VALUE = re.compile(r"^(?P<key>[^\d\s:][^:]{0,40}?)[\s.]*:\s*(?P<value>\S.*)$")
_DOTTED_LABEL = re.compile(
    r"^(?=[^:]*\.)(?P<key>[A-Z](?:\.(?=[A-Z])|[\w #/-]|\.(?= |\.|:)){1,30}?)[\s.]*:\s+"
    r"(?P<value>\S.*)$"
)
_COLUMN = re.compile(
    r"^(?:FY ?|Q[1-4] ?)?(?:19|20)\d\d(?:[/-]\d\d)?\*?$|^\d{1,2}\.? [A-Z][a-z]+ \d{4}$"
)
_ITEM = re.compile(r"^(?:[-*•]|\d{1,2}[.)]|\([a-z0-9]\))\s")
_LONGEST_LABEL = 48
_LONGEST_CELL = 90


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of a line with its offsets in the line."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Laid:
    """What a line is: a heading (of a table), pairs of label and value, or a row under columns.

    ``pairs`` are (label, value, start, end); ``cells`` are (column, value).
    """

    kind: str
    pairs: tuple[tuple[str, str, int, int], ...] = ()
    cells: tuple[tuple[str, str], ...] = ()


def lay_out(lines: Sequence[str]) -> dict[int, Laid]:
    """Return, by number, the lines of a text whose layout says what belongs together.

    Lines are cut at tabs, wide gaps, leaders and semicolons. Two or more
    lines that follow each other with three or more pieces, the first without
    a figure, are a table.
    """
    cut = [_cells(line) for line in lines]
    found: dict[int, Laid] = {}
    number = 0
    while number < len(lines):
        rows = _table(cut, lines, number)
        if rows:
            header = cut[number]
            found[number] = Laid("heading")
            for row in rows:
                found[row] = Laid("row", cells=_under(header, cut[row]))
            number = rows[-1] + 1
            continue
        # Semicolons part the cells of a table, but not a label from its value.
        wide = cut[number] if _WIDE.search(lines[number].strip()) else []
        pairs = _pairs(wide, lines[number]) or _dotted(lines[number])
        if pairs:
            found[number] = Laid("pair", pairs=pairs)
        elif number + 1 < len(lines) and (below := _below(lines[number], lines[number + 1])):
            found[number] = Laid("pair", pairs=(below,))
            found[number + 1] = Laid("part of it")
            number += 1
        number += 1
    return found


def _cells(line: str) -> list[Cell]:
    """Cut a line at its gaps; a line that is one piece, or a rule, has no cells."""
    body = line.rstrip()
    if "|" in body or _RULE.match(body) or len(body) > 400:
        return []
    semicolons = body.count(";") >= 2 and not re.search(r"[.!?]\s", body)
    if not semicolons and not _WIDE.search(body.strip()):
        return []
    cells: list[Cell] = []
    start = len(body) - len(body.lstrip())
    for match in _GAP.finditer(body, start):
        gap = match.group()
        if match.start() == start or (";" in gap and not semicolons):
            continue
        if match.start() and body[match.start() - 1] in ".!?" and len(gap) == 2:
            continue  # two spaces after a sentence
        cells.append(Cell(body[start : match.start()], start, match.start()))
        start = match.end()
    if start < len(body):
        cells.append(Cell(body[start:], start, len(body)))
    if len(cells) < 2 or any(len(cell.text) > _LONGEST_CELL for cell in cells):
        return []
    return cells


def _table(cut: Sequence[list[Cell]], lines: Sequence[str], first: int) -> list[int]:
    """Return the rows of the table whose header is the given line, none if there is none."""
    header = cut[first]
    years = sum(_COLUMN.match(cell.text.strip()) is not None for cell in header)
    figures = sum(_has_digit(cell.text) for cell in header)
    if len(header) < 2 or figures > years or any(":" in cell.text for cell in header):
        return []
    # Columns may have no head above the names of the rows.
    widest = len(header) + (1 if years else 0)
    if any(len(cell.text.split()) > 5 for cell in header):
        return []
    rows: list[int] = []
    for number in range(first + 1, len(lines)):
        cells = cut[number]
        if not lines[number].strip() or _RULE.match(lines[number].strip()):
            if rows and not lines[number].strip():
                break
            continue
        if len(cells) < 2 or len(cells) > widest or _is_totals(cells, header):
            break
        rows.append(number)
    full = sum(len(cut[row]) == widest for row in rows)
    return rows if widest >= 3 and full else []


def _is_totals(cells: Sequence[Cell], header: Sequence[Cell]) -> bool:
    """Tell whether a line has left the table: a label before a figure, most columns empty."""
    return len(header) >= 4 and len(cells) == 2 and not _has_digit(cells[0].text)


def _under(header: Sequence[Cell], cells: Sequence[Cell]) -> tuple[tuple[str, str], ...]:
    """Pair each cell with its column: one by one if all are there, else by where they stand."""
    if len(cells) == len(header) + 1:
        header = [Cell("", 0, 0), *header]
    if len(cells) == len(header):
        return tuple(
            (head.text.strip(), cell.text.strip()) for head, cell in zip(header, cells, strict=True)
        )
    paired = []
    for cell in cells:
        nearest = min(
            header,
            key=lambda head: min(abs(head.start - cell.start), abs(head.end - cell.end)),
        )
        paired.append((nearest.text.strip(), cell.text.strip()))
    return tuple(paired)


def _pairs(cells: Sequence[Cell], line: str) -> tuple[tuple[str, str, int, int], ...]:
    """Return labels with their values: pieces with a colon each, or a label and what follows."""
    told = [_LABEL_AND_VALUE.match(cell.text) for cell in cells]
    if len(cells) >= 2 and all(told):
        return tuple(
            (match["key"], match["value"].strip(), cell.start, cell.end)
            for match, cell in zip(told, cells, strict=True)
            if match
        )
    if cells and (first := told[0]):
        rest = (first["value"].strip(), *(cell.text.strip() for cell in cells[1:]))
        return ((first["key"], " ".join(rest), cells[0].start, len(line.rstrip())),)
    if len(cells) in (2, 3) and _is_label(cells[0].text):
        value = " ".join(cell.text.strip() for cell in cells[1:]).lstrip(": ")
        if cells[0].text.rstrip().endswith(":") or any(c.isdigit() for c in value) or _short(value):
            key = cells[0].text.strip().rstrip(":").strip()
            return ((key, value, cells[0].start, len(line.rstrip())),)
    if len(cells) >= 4 and len(cells) % 2 == 0 and all(_is_label(c.text) for c in cells[::2]):
        return tuple(
            (key.text.strip().rstrip(":"), value.text.strip(), key.start, value.end)
            for key, value in zip(cells[::2], cells[1::2], strict=True)
        )
    return ()


def _dotted(line: str) -> tuple[tuple[str, str, int, int], ...]:
    """Return a label with dots in it and its value, such as ``P.O. No.: 7``."""
    match = _DOTTED_LABEL.match(line.strip())
    if match is None or len(match["key"].split()) > 5:
        return ()
    start = len(line) - len(line.lstrip())
    return ((match["key"].strip(" ."), match["value"].strip(), start, len(line.rstrip())),)


def _below(line: str, following: str) -> tuple[str, str, int, int] | None:
    """Return a label that ends in a colon with the line below it."""
    label, value = line.strip(), following.strip()
    if not label.endswith(":") or not value or _ITEM.match(value) or "|" in value:
        return None
    is_value = ":" not in value and len(value) <= 60 and value[-1] not in ".;" and _short(value)
    if not (_is_label(label[:-1]) and len(label.split()) <= 4 and is_value):
        return None
    end = len(line) + len(following.rstrip())
    return label[:-1].strip(), value, len(line) - len(line.lstrip()), end


def _is_label(text: str) -> bool:
    bare = text.strip()
    return (
        sum(character.isdigit() for character in bare) < 9
        and 0 < len(bare) <= _LONGEST_LABEL
        and bare[0].isalpha()
        and (bare[-1] not in ".!?;," or re.search(r"\b[A-Za-z]{1,4}\.$", bare) is not None)
        and len(bare.split()) <= 7
    )


def _short(text: str) -> bool:
    return len(text.split()) <= 8


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)
