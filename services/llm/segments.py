"""Reading step one: a text becomes segments (sentences, key-value lines, rows, JSON leaves)."""

from __future__ import annotations

import itertools
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from services.llm.layout import Laid, lay_out

_SENTENCE_END = re.compile(
    r"(?<!\b[A-Z]\.)(?<!\b[Nn]o\.)(?<!\b[Nn]r\.)(?<!\be\.g\.)(?<!\bi\.e\.)(?<!\bInc\.)(?<!\bLtd\.)(?<!\bCo\.)(?<!\bDr\.)"
    r"(?<!\bMr\.)(?<!\bMs\.)(?<!\bapprox\.)(?<!\bincl\.)(?<!\bSt\.)(?<=[.!?])[\"'”)]?\s+(?=[\"'“(]?[A-Z0-9*])"
)
_KEY_VALUE = re.compile(
    r"^\s*(?:[-*•]\s+)?(?:\*\*)?(?P<key>[A-Za-z][^:|.!?]{0,60}?)\**\s*:\**\s+(?P<value>\S.*)$"
)
_HEADING = re.compile(r"^\s*#{1,6}\s+\S")
_RULE_ROW = re.compile(r"^\s*\|?[\s:|-]+\|?\s*$")


@dataclass(frozen=True, slots=True)
class Segment:
    """The smallest piece that an answer can rest on.

    ``kind`` is heading, prose, pair (key and value) or row (of a table);
    ``start`` and ``end`` are offsets in the block's text; ``cells`` are the
    (column, value) pairs of a row.
    """

    kind: str
    text: str
    start: int
    end: int
    key: str = ""
    value: str = ""
    cells: tuple[tuple[str, str], ...] = ()
    heading: str = ""


@dataclass(frozen=True, slots=True)
class SplitText:
    """A block's text as it is read (JSON is read line by line) and its segments."""

    text: str
    segments: tuple[Segment, ...]


def split(text: str, title: str = "") -> SplitText:
    """Return the segments of a block of Markdown, plain text or JSON, in reading order.

    A first line that repeats the block's title, or is a path of headings, is
    read as a heading.
    """
    stripped = text.strip()
    if stripped[:1] in tuple("{["):
        try:
            node = json.loads(stripped)
        except ValueError:
            pass
        else:
            return _lay_out(title, list(_json_segments(node)))
    first, _, rest = text.partition("\n")
    if " > " in first or (title and first.strip().casefold() == title.casefold()):
        heading = Segment("heading", first.strip(), 0, len(first))
        below = first.rpartition(" > ")[2].strip()
        offset = len(first) + 1
        return SplitText(text, (heading, *_text_segments(rest, offset, below)))
    return SplitText(text, tuple(_text_segments(text)))


def _lay_out(title: str, segments: list[Segment]) -> SplitText:
    lines = [_words(title)] if title else []
    placed = [Segment("heading", lines[0], 0, len(lines[0]))] if title else []
    position = len(lines[0]) + 1 if title else 0
    for segment in segments:
        placed.append(replace(segment, start=position, end=position + len(segment.text)))
        lines.append(segment.text)
        position += len(segment.text) + 1
    return SplitText("\n".join(lines), tuple(placed))


def _text_segments(text: str, offset: int = 0, heading: str = "") -> Iterator[Segment]:
    """Yield the segments of a text whose first character has the given offset."""
    header: list[str] = []
    paragraph: list[tuple[int, str]] = []
    position = offset
    lines = [*text.splitlines(keepends=True), "\n"]
    laid = lay_out(lines)
    for number, line in enumerate(lines):
        if number in laid:
            yield from _sentences(paragraph, heading) if paragraph else ()
            paragraph = []
            yield from _laid(laid[number], line, position, heading)
            position += len(line)
            continue
        bare = line.strip()
        is_row = bare.count("|") >= 2
        pair = None if is_row else _KEY_VALUE.match(line)
        if paragraph and (not bare or is_row or pair or _HEADING.match(line) or _starts_item(bare)):
            yield from _sentences(paragraph, heading)
            paragraph = []
        start = position + (len(line) - len(line.lstrip()))
        if _HEADING.match(line):
            heading = bare.lstrip("# ").strip()
            yield Segment("heading", heading, start, position + len(line.rstrip()))
        elif is_row and _RULE_ROW.match(bare):
            pass
        elif is_row:
            cells = [cell.strip().strip("*") for cell in bare.strip("|").split("|")]
            if not header:
                header = cells
                yield Segment("heading", bare, start, start + len(bare), heading=heading)
            else:
                pairs = tuple(zip(header, cells, strict=False))
                yield Segment("row", bare, start, start + len(bare), cells=pairs, heading=heading)
        elif pair is not None:
            key = pair["key"].strip(" *_")
            value = pair["value"].strip(" *_")
            yield Segment("pair", bare, start, start + len(bare), key, value, heading=heading)
        elif bare:
            paragraph.append((position, line))
        if not is_row:
            header = []
        position += len(line)


def _laid(laid: Laid, line: str, position: int, heading: str) -> Iterator[Segment]:
    """Yield what a line holds whose layout says what belongs together."""
    bare = line.strip()
    start = position + (len(line) - len(line.lstrip()))
    end = start + len(bare)
    for key, value, left, right in laid.pairs:
        text = f"{key}: {value}" if right > len(line) else " ".join(line[left:right].split())
        yield Segment("pair", text, position + left, position + right, key, value, heading=heading)
    if laid.kind == "row":
        yield Segment("row", bare, start, end, cells=laid.cells, heading=heading)
    elif laid.kind == "heading":
        yield Segment("heading", bare, start, end, heading=heading)


def _starts_item(bare: str) -> bool:
    return bool(re.match(r"(?:[-*•]|\d{1,2}[.)]|\([a-z0-9]\))\s", bare))


def _sentences(lines: list[tuple[int, str]], heading: str) -> Iterator[Segment]:
    """Split one paragraph; its lines may be wrapped anywhere."""
    start = lines[0][0]
    body = "".join(line for _, line in lines)
    cuts = [0, *(match.end() for match in _SENTENCE_END.finditer(body)), len(body)]
    for left, right in itertools.pairwise(cuts):
        piece = body[left:right]
        flat = " ".join(piece.split())
        flat = re.sub(r"^(?:[-*•]|\d{1,2}[.)])\s+", "", flat)
        if flat:
            offset = start + left + (len(piece) - len(piece.lstrip()))
            yield Segment(
                "prose", flat, offset, start + left + len(piece.rstrip()), heading=heading
            )


def _words(key: str) -> str:
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", key).replace("_", " ").strip()


_MONEY_KEY = re.compile(
    r"amount|total|net|gross|tax$|price|sum|value|balance|paid|cost|difference", re.I
)


def _scalar(key: str, value: object, currency: str | None) -> str:
    if value is None or value in ([], {}, ""):
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    text = str(value)
    is_figure = isinstance(value, int | float) or re.fullmatch(r"-?\d+\.\d{2}", text)
    if currency and is_figure and _MONEY_KEY.search(key):
        return f"{text} {currency}"
    return text


def _json_segments(node: object, path: str = "", currency: str | None = None) -> Iterator[Segment]:
    """Walk a JSON value: an object's scalars become pairs, a list's objects become rows."""
    if isinstance(node, dict):
        own = node.get("currency")
        currency = own if isinstance(own, str) else currency
        for key, value in node.items():
            name = _words(str(key)) if not path else f"{path} {_words(str(key))}"
            if (isinstance(value, dict) and value) or (isinstance(value, list) and value):
                yield from _json_segments(value, name, currency)
            else:
                shown = _scalar(str(key), value, currency)
                yield Segment("pair", f"{name}: {shown}", 0, 0, name, shown, heading=path)
    elif isinstance(node, list):
        if node and all(not isinstance(item, dict | list) for item in node):
            shown = ", ".join(str(item) for item in node)
            yield Segment("pair", f"{path}: {shown}", 0, 0, path, shown)
            return
        for item in node:
            if not isinstance(item, dict):
                continue
            own = item.get("currency")
            money = own if isinstance(own, str) else currency
            cells = tuple(
                (_words(str(key)), _scalar(str(key), value, money))
                for key, value in item.items()
                if not isinstance(value, dict | list)
            )
            if cells:
                text = "; ".join(f"{key}: {value}" for key, value in cells)
                yield Segment("row", text, 0, 0, cells=cells, heading=path)
            for key, value in item.items():
                if isinstance(value, dict | list) and value:
                    yield from _json_segments(value, f"{path} {_words(str(key))}".strip(), money)
    elif node is not None:
        yield Segment("prose", str(node), 0, 0)
