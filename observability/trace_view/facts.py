"""Picks from each span what matters to somebody who follows an answer."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from observability.recording import SpanRecord
from observability.telemetry import semconv as s
from observability.trace_view.fact_rules import EVALUATION, HTTP, RULES, listed, worded


@dataclass(frozen=True, slots=True)
class Fact:
    """One short statement about a step; ``keys`` are the attributes that it shows."""

    label: str
    text: str
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassageFact:
    """One retrieved passage: its rank from 1, where it is from, and its scores."""

    rank: int
    chunk_id: str
    document_id: str
    score: float | None
    similarity: float | None


def facts(span: SpanRecord) -> list[Fact]:
    """Return what a span has to say, most important first; only what it has."""
    found = []
    for label, keys, say in RULES.get(_head(span), HTTP):
        if keys[0] in span.attributes and (words := say(span.attributes)):
            found.append(Fact(label, words, keys))
    for event in span.events:
        values = event.attributes
        name = values.get(s.GEN_AI_EVALUATION_NAME)
        if event.name == s.EVENT_EVALUATION_RESULT and name is not None:
            said = [worded(values[key]) for key in EVALUATION if key in values]
            keys = tuple(f"{event.name}[{name}].{key}" for key in EVALUATION)
            found.append(Fact(str(name), " ".join(said), keys))
        elif event.name in (s.EVENT_FALLBACK, s.EVENT_RETRY):
            said = [worded(value) for value in values.values()]
            found.append(Fact(event.name.removeprefix("stillgreen."), " ".join(said), ()))
    if span.status == "ERROR":
        found.insert(0, Fact("error", worded(span.attributes.get(s.ERROR_TYPE, "")), ("status",)))
    return found


def passages(span: SpanRecord) -> list[PassageFact]:
    """Return the passages that a retrieval span gave back, best first."""
    if _head(span) != s.SPAN_RETRIEVAL:
        return []
    chunks = listed(span.attributes.get(s.RETRIEVAL_CHUNK_IDS))
    documents = listed(span.attributes.get(s.RETRIEVAL_DOCUMENT_IDS))
    scores = listed(span.attributes.get(s.RETRIEVAL_SCORES))
    similarities = listed(span.attributes.get(s.RETRIEVAL_SIMILARITIES))
    return [
        PassageFact(
            rank=place + 1,
            chunk_id=str(chunks[place]) if place < len(chunks) else "",
            document_id=str(document),
            score=_number(scores, place),
            similarity=_number(similarities, place),
        )
        for place, document in enumerate(documents)
    ]


def said(span: SpanRecord) -> str:
    """Return the words that a span produced, where content was captured; otherwise nothing.

    A reply in JSON is left out: what was decided by it is a fact of the step above.
    """
    value = span.attributes.get(s.OUTPUT_VALUE) or span.attributes.get(s.GEN_AI_OUTPUT_MESSAGES)
    words = "" if value is None else readable(str(value)).strip()
    return "" if words.startswith("{") else words


def readable(text: str) -> str:
    """Return the words of a recorded message list, or the text itself if it is none."""
    try:
        value = json.loads(text)
    except ValueError:
        return text
    words = list(_words(value))
    return "\n".join(words) if words else text


def _words(value: object) -> Iterable[str]:
    if isinstance(value, Mapping):
        for key in ("content", "text"):
            if isinstance(value.get(key), str):
                yield value[key]
                return
        for key in ("parts", "content"):
            if isinstance(value.get(key), list):
                yield from _words(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from _words(item)


def _head(span: SpanRecord) -> str:
    first, _, rest = span.name.partition(" ")
    if first == s.SPAN_INVOKE_AGENT and rest in ("validation", "response"):
        return f"{first} {rest}"
    return first


def _number(values: Sequence[object], place: int) -> float | None:
    value = values[place] if place < len(values) else None
    return float(value) if isinstance(value, int | float) else None
