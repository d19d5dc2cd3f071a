"""Cuts documents into chunks by section, each within what the encoder reads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Final

from corpus.markdown import Block, Section, blocks_of, sections_of, sentences_of, words_of
from corpus.ports import Chunk, Document

CUTS: Final = "sections-2"
"""Names the way in which documents are cut here, and changes with it."""

TokenCounter = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class _Atom:
    """A stretch of a document that is never cut, and what must stand before it.

    ``header`` is the text of a table's header rows if the atom is one of its
    other rows, so that a row is never read without its column names.
    """

    start: int
    end: int
    tokens: int
    header: str = ""
    header_tokens: int = 0


class SectionChunker:
    """Keeps a section together where it fits, and opens every chunk with its heading.

    A chunk's first line is ``Title > Section > Subsection``. Neighbouring
    sections share a chunk up to ``join_tokens``, since a section of a sentence
    or two says little by itself; in a document of at most ``short_document``
    tokens, which speaks about one thing, they share it up to the budget. A section longer than
    ``budget`` word pieces (heading line included) is cut between paragraphs,
    then between table rows (repeating the header rows), lines of key and value,
    sentences, and words, in this order.
    """

    def __init__(
        self,
        count_tokens: TokenCounter,
        *,
        budget: int = 250,
        join_tokens: int = 90,
        short_document: int = 450,
    ) -> None:
        self._count = count_tokens
        self._budget = budget
        self._join = min(join_tokens, budget)
        self._short = short_document

    @property
    def fingerprint(self) -> str:
        return f"{CUTS}:budget={self._budget}:join={self._join}:short={self._short}"

    def chunk(self, document: Document) -> list[Chunk]:
        chunks: list[Chunk] = []
        for group in self._groups(document):
            chunks.extend(self._cut(document, group, first=len(chunks)))
        return chunks

    def _groups(self, document: Document) -> list[Section]:
        """Join short neighbouring sections; a joined one keeps the first one's heading line."""
        short = self._count(document.text) <= self._short
        limit = self._budget if short else self._join
        joined: list[Section] = []
        size = 0
        for section in sections_of(document.text, document.title):
            tokens = self._count(document.text[section.start : section.end])
            fits = bool(joined) and size + tokens <= limit
            if fits and _same_branch(joined[-1], section):
                joined[-1] = replace(joined[-1], end=section.end)
                size += tokens
            else:
                joined.append(section)
                size = tokens + self._count(_heading_line(document.title, section.path))
        return joined

    def _cut(self, document: Document, section: Section, first: int) -> list[Chunk]:
        heading = _heading_line(document.title, section.path)
        room = max(self._budget - self._count(heading), self._budget // 2)
        atoms: list[_Atom] = []
        for block in blocks_of(document.text, section.body, section.end):
            atoms.extend(self._atoms(document.text, block, room))
        chunks = []
        for ordinal, (piece, header) in enumerate(_pack(atoms, room), start=first):
            body = document.text[piece[0].start : piece[-1].end].strip()
            chunks.append(
                Chunk(
                    id=f"{document.id}#{ordinal}",
                    doc_id=document.id,
                    title=document.title,
                    section=" > ".join(section.path),
                    text="\n".join(part for part in (heading, header, body) if part),
                    ordinal=ordinal,
                    start=piece[0].start,
                    end=piece[-1].end,
                    metadata=document.metadata,
                )
            )
        return chunks

    def _atoms(self, text: str, block: Block, room: int) -> list[_Atom]:
        whole = _Atom(block.start, block.end, self._count(text[block.start : block.end]))
        if whole.tokens <= room:
            return [whole]
        if block.kind == "table":
            return self._rows(text, block, room)
        lines = block.kind == "lines"
        spans = list(block.lines) if lines else sentences_of(text, block.start, block.end)
        return [atom for span in spans for atom in self._words(text, span, room)]

    def _rows(self, text: str, block: Block, room: int) -> list[_Atom]:
        header_end = block.lines[min(1, len(block.lines) - 1)][1]
        header = text[block.start : header_end]
        tokens = self._count(header)
        if tokens > room // 2:
            header, tokens = "", 0
        atoms = [_Atom(block.start, header_end, self._count(text[block.start : header_end]))]
        for span in block.lines[2:]:
            atoms.extend(
                replace(atom, header=header, header_tokens=tokens)
                for atom in self._words(text, span, room - tokens)
            )
        return atoms

    def _words(self, text: str, span: tuple[int, int], room: int) -> list[_Atom]:
        """Return the stretch as one atom, or as runs of words if it alone is too long."""
        tokens = self._count(text[span[0] : span[1]])
        if tokens <= room:
            return [_Atom(span[0], span[1], tokens)]
        runs: list[_Atom] = []
        for start, end in words_of(text, span[0], span[1], longest=room):
            count = self._count(text[start:end])
            if runs and runs[-1].tokens + count <= room:
                runs[-1] = _Atom(runs[-1].start, end, runs[-1].tokens + count)
            else:
                runs.append(_Atom(start, end, count))
        return runs


def _pack(atoms: Sequence[_Atom], room: int) -> list[tuple[list[_Atom], str]]:
    """Fill chunks greedily; return each one's atoms with the header to repeat above them."""
    packed: list[tuple[list[_Atom], str]] = []
    current: list[_Atom] = []
    header = ""
    used = 0
    for atom in atoms:
        if current and used + atom.tokens > room:
            packed.append((current, header))
            current, header, used = [], "", 0
        if not current:
            header, used = atom.header, atom.header_tokens
        current.append(atom)
        used += atom.tokens
    if current:
        packed.append((current, header))
    return packed


def _same_branch(a: Section, b: Section) -> bool:
    """Say whether two sections stand side by side or one under the other, not across parents."""
    return a.path[:-1] == b.path[: len(a.path) - 1] if a.path else len(b.path) <= 1


def _heading_line(title: str, path: Sequence[str]) -> str:
    return " > ".join((title, *path))
