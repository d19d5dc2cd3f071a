"""What faults of a chunker share: documents cut by count, with no eye for their structure."""

from __future__ import annotations

from corpus.ports import Chunk, Document


def cut_by_count(document: Document, characters: int, *, titled: bool) -> list[Chunk]:
    """Return a document in pieces of so many characters; blank ones are left out.

    With ``titled`` each piece opens with the document's title, which is no part
    of its length.
    """
    pieces = [
        (start, text)
        for start in range(0, len(document.text), characters)
        if (text := document.text[start : start + characters]).strip()
    ]
    head = f"{document.title}\n" if titled else ""
    return [
        Chunk(
            id=f"{document.id}#{ordinal}",
            doc_id=document.id,
            title=document.title,
            section="",
            text=head + text,
            ordinal=ordinal,
            start=start,
            end=start + len(text),
            metadata=document.metadata,
        )
        for ordinal, (start, text) in enumerate(pieces)
    ]
