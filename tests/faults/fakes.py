"""Healthy parts as small as they can be."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.ports import Route
from corpus.luck import Luck
from corpus.ports import Chunk, Document, Metadata, Passage, Query


class LineChunker:
    fingerprint = "lines"

    def chunk(self, document: Document) -> list[Chunk]:
        chunks, start = [], 0
        for ordinal, line in enumerate(document.text.splitlines(keepends=True)):
            end = start + len(line)
            chunks.append(
                Chunk(
                    id=f"{document.id}#{ordinal}",
                    doc_id=document.id,
                    title=document.title,
                    section="",
                    text=line,
                    ordinal=ordinal,
                    start=start,
                    end=end,
                    metadata=document.metadata,
                )
            )
            start = end
        return chunks


class VendorFilter:
    def predicate(self, query: Query) -> Metadata | None:
        return {"vendor_id": query.entities[0].id} if query.entities else None


class BySimilarity:
    name = "by-similarity"

    def rerank(self, query: Query, passages: Sequence[Passage]) -> list[Passage]:
        return sorted(passages, key=lambda passage: -passage.similarity)


class FixedPrompts:
    def __init__(self, text: str) -> None:
        self.text = text

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        return self.text.format(**values)


class FourRoutes:
    def offered(self, luck: Luck) -> Sequence[Route]:
        return tuple(
            Route(name, f"about {name}", (f"an example of {name}",), (f"{name} agent",))
            for name in ("documents", "ledger", "both", "lookup")
        )


@dataclass(frozen=True)
class Parts:
    """Fields named as seams, and one that is none."""

    chunker: LineChunker
    filter: VendorFilter
    reranker: BySimilarity
    prompts: FixedPrompts
    routes: FourRoutes
    clock: object


def parts() -> Parts:
    return Parts(
        LineChunker(),
        VendorFilter(),
        BySimilarity(),
        FixedPrompts("Question: {question}"),
        FourRoutes(),
        object(),
    )
