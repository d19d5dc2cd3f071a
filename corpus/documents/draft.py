"""Writes one document and remembers which words of it state which fact."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from corpus.ports import Document


@dataclass(frozen=True, slots=True)
class Rendered:
    """A document with its facts: each names a span that occurs in the text word for word."""

    document: Document
    facts: Mapping[str, str] = field(default_factory=dict)


class Draft:
    """Collects the blocks of a document. Sections are Markdown headings of level 2."""

    def __init__(self, doc_id: str, title: str, **metadata: str | None) -> None:
        self._id = doc_id
        self._title = title
        self._metadata = {k: v for k, v in metadata.items() if v is not None}
        self._blocks: list[str] = [f"# {title}"]
        self._facts: dict[str, str] = {}

    def section(self, heading: str) -> None:
        """Begin a section."""
        self._blocks.append(f"## {heading}")

    def prose(self, *sentences: str) -> None:
        """Add a paragraph; empty sentences are left out."""
        self._blocks.append(" ".join(sentence for sentence in sentences if sentence))

    def pairs(self, entries: Sequence[tuple[str, str]], style: str = "- {0}: {1}") -> None:
        """Add key-value lines."""
        self._blocks.append("\n".join(style.format(*entry) for entry in entries))

    def table(self, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
        """Add a table."""
        lines = [self.row(header), self.row(["---"] * len(header)), *map(self.row, rows)]
        self._blocks.append("\n".join(lines))

    @staticmethod
    def row(cells: Sequence[str]) -> str:
        """Return a table row as it stands in the text."""
        return f"| {' | '.join(cells)} |"

    def fact(self, key: str, span: str) -> str:
        """Remember that the span states a fact, and return it."""
        self._facts[key] = span
        return span

    def done(self) -> Rendered:
        """Return the document; raises ``ValueError`` if a fact's span is not in its text."""
        text = "\n\n".join(self._blocks) + "\n"
        for key, span in self._facts.items():
            if span not in text:
                raise ValueError(f"fact {key} of {self._id} is not in the text: {span!r}")
        return Rendered(Document(self._id, self._title, text, self._metadata), self._facts)
