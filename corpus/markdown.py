"""The little of Markdown that cutting needs: sections, blocks, sentences, by their offsets."""

from __future__ import annotations

import re
from dataclasses import dataclass

_HEADING = re.compile(r"^(#{1,6})[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LINE = re.compile(r"[^\n]*\n?")
_ITEM = re.compile(r"\s*(?:[-*+]|\d+[.)])\s+\S")
_KEY_VALUE = re.compile(r"\s*(?:\*\*)?[A-Z][\w /().'&-]{0,40}?(?:\*\*)?:(?:\*\*)?\s+\S")
# A full stop ends a sentence when a space and a capital or a digit follow, but not after a
# single letter or one of the usual abbreviations.
_SENTENCE_END = re.compile(
    r"(?<!\b[A-Za-z])(?<!\bNo)(?<!\bNr)(?<!\be\.g)(?<!\bi\.e)(?<!\bMr)(?<!\bMs)(?<!\bDr)"
    r"[.!?][\"”’)]?\s+(?=[A-Z0-9\"“‘(])"
)
_FENCE = "```"


@dataclass(frozen=True, slots=True)
class Section:
    """A heading's own text: from ``start``, its first character, up to ``end``.

    ``body`` is where the text below the heading begins; ``path`` are the
    headings above it and its own, the document's title left out.
    """

    path: tuple[str, ...]
    start: int
    body: int
    end: int


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a table or a run of lines (list items, keys with values)."""

    kind: str
    start: int
    end: int
    lines: tuple[tuple[int, int], ...]


def sections_of(text: str, title: str) -> list[Section]:
    """Return the sections that hold text, in order; without headings it is one."""
    marks = [match for match in _HEADING.finditer(text) if not _in_fence(text, match.start())]
    sections: list[Section] = []
    stack: list[tuple[int, str]] = []
    first = marks[0].start() if marks else len(text)
    if text[:first].strip():
        sections.append(Section((), 0, 0, first))
    for index, mark in enumerate(marks):
        level, name = len(mark.group(1)), plain(mark.group(2))
        while stack and stack[-1][0] >= level:
            stack.pop()
        stack.append((level, name))
        end = marks[index + 1].start() if index + 1 < len(marks) else len(text)
        if not text[mark.end() : end].strip():
            continue
        path = tuple(heading for _, heading in stack)
        if path and path[0].casefold() == title.casefold():
            path = path[1:]
        sections.append(Section(path, mark.start(), mark.end(), end))
    return sections


def blocks_of(text: str, start: int, end: int) -> list[Block]:
    """Return the blocks of a stretch of text, separated by blank lines or by their kind."""
    blocks: list[Block] = []
    kind = ""
    lines: list[tuple[int, int]] = []
    fenced = False

    def close() -> None:
        if lines:
            blocks.append(Block(kind, lines[0][0], lines[-1][1], tuple(lines)))
            lines.clear()

    for match in _LINE.finditer(text, start, end):
        line = match.group().rstrip()
        if not line.strip() and not fenced:
            close()
            continue
        this = "paragraph" if fenced else _kind(line)
        if line.lstrip().startswith(_FENCE):
            fenced = not fenced
            this = "paragraph"
        continues = bool(lines) and kind == "lines" and line[:1].isspace() and this == "paragraph"
        if lines and this != kind and not continues:
            close()
        if not continues:
            kind = this
        lines.append((match.start(), match.start() + len(line)))
    close()
    return blocks


def sentences_of(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """Return the offsets of the sentences of a stretch of text."""
    spans = []
    begin = start
    for match in _SENTENCE_END.finditer(text, start, end):
        spans.append((begin, match.end()))
        begin = match.end()
    if text[begin:end].strip():
        spans.append((begin, end))
    return spans


def words_of(text: str, start: int, end: int, longest: int) -> list[tuple[int, int]]:
    """Return the offsets of words, each with the space after it.

    A run without spaces is cut after ``longest`` characters, since no word
    piece is shorter than one character.
    """
    spans = []
    for match in re.finditer(r"\S+\s*", text[start:end]):
        begin, stop = start + match.start(), start + match.end()
        for cut in range(begin, stop, longest):
            spans.append((cut, min(cut + longest, stop)))
    return spans


def plain(text: str) -> str:
    """Return a heading without emphasis, code marks and links."""
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    return re.sub(r"[*_`]{1,3}(\S(?:.*?\S)?)[*_`]{1,3}", r"\1", text).strip()


def _kind(line: str) -> str:
    if line.lstrip().startswith("|"):
        return "table"
    if _ITEM.match(line) or _KEY_VALUE.match(line):
        return "lines"
    return "paragraph"


def _in_fence(text: str, position: int) -> bool:
    return text.count(f"\n{_FENCE}", 0, position) % 2 == 1
