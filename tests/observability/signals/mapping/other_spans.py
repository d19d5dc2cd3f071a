"""Spans of another application, and what a mapping makes of them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from observability.recording.records import Attributes, EventRecord, SpanRecord
from observability.signals.mapping import parse_mapping

HEAD = "describes: a test\nsource: https://example.org\n"


def span(
    attributes: Attributes,
    *,
    number: int = 1,
    parent: int | None = None,
    name: str = "step",
    kind: str = "INTERNAL",
    events: tuple[EventRecord, ...] = (),
    status: str = "UNSET",
) -> SpanRecord:
    """Return the span of a step; ``number`` is its id and its place in time."""
    return SpanRecord(
        "ab" * 16,
        f"{number:016x}",
        None if parent is None else f"{parent:016x}",
        "shop",
        name,
        kind,
        number * 1_000,
        number * 1_000 + 500,
        status,
        attributes,
        events,
    )


def mapped(text: str, attributes: Attributes, **more: Any) -> SpanRecord:
    """Return a span with these attributes as a mapping of this text makes it."""
    step = span({"gen_ai.operation.name": "plan"}, number=99)  # a request has one at least
    return parse_mapping(HEAD + text, Path("mine.yml")).apply([span(attributes, **more), step])[0]


def value(source: str, attributes: Attributes, **more: Any) -> object:
    """Return what an attribute of ours becomes whose source is written like this."""
    found = mapped(f"attributes:\n  gen_ai.tool.name: {source}\n", attributes, **more)
    return found.attributes.get("gen_ai.tool.name")
