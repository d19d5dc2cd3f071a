"""Writes evidence the way a model reads it best: documents in tags, records as plain lines."""

from __future__ import annotations

import html
from collections.abc import Mapping, Sequence

from agents.ports import Evidence, ToolResult
from agents.records import RecordWriter, subject


def documents_block(shown: Sequence[Evidence]) -> str:
    """Write evidence as numbered documents, ``D1`` first."""
    return "\n".join(
        f'<document id="D{number}" source="{html.escape(piece.source)}" '
        f'title="{html.escape(piece.title)}">\n'
        # A document cannot close its own tag and go on as something else.
        f"{piece.text.strip().replace('</document', '<_/document')}\n</document>"
        for number, piece in enumerate(shown, start=1)
    )


def record_evidence(number: int, result: ToolResult, names: Mapping[str, str]) -> Evidence | None:
    """Write a tool's result as evidence, None when there was no such record.

    ``names`` maps vendor ids to names, for records that only give the id.
    """
    if result.content is None or isinstance(result.content, (str, int, float, bool)):
        return None
    about = ", ".join(str(value) for value in result.arguments.values())
    what = subject(result.name)
    title = f"Ledger: {what}" + (f" of {about}" if about else "")
    text = RecordWriter(result.name, names).write(result.content, what, about)
    return Evidence(f"tool:{number}", f"tool:{result.name}", title, text, 1.0)
