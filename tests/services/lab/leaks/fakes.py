"""Recordings of an application that is not there."""

from __future__ import annotations

from pathlib import Path

from corpus.luck import Luck
from observability.recording.records import SpanRecord
from observability.recording.request_rows import CONVERSATION, TOP1_SIMILARITY
from observability.recording.run_folder import RunFolder

START = 1_782_806_400 * 10**9


def trace(luck: Luck, session: str, at_ns: int) -> list[SpanRecord]:
    """Return a request with a search, whose times, route and similarity are luck."""
    trace_id = f"{luck.seed:012x}".rjust(32, "1")
    lasts = 2000 * (1 + int(luck.uniform("duration") * 1e6))
    route = ("finance", "policy")[luck.uniform("route") < 0.3]
    root = SpanRecord(
        trace_id,
        "1" * 16,
        None,
        "gateway",
        "POST /v1/ask",
        "SERVER",
        at_ns,
        at_ns + lasts,
        "UNSET",
        {CONVERSATION: session, "user.id": f"u-{int(luck.uniform('user') * 9)}"},
    )
    search = SpanRecord(
        trace_id,
        "2" * 16,
        "1" * 16,
        "retrieval",
        f"retrieval {route}",
        "INTERNAL",
        at_ns + 1000,
        at_ns + lasts // 2,
        "UNSET",
        {TOP1_SIMILARITY: luck.uniform("similarity"), "text": "The terms of payment are " * 3},
    )
    return [root, search]


def recorded(path: Path, seed: int, sessions: int = 60, changed=lambda spans: spans) -> RunFolder:
    """Return a recording of two requests a session."""
    folder = RunFolder.create(path, "r", {"stillgreen": "1"})
    spans: list[SpanRecord] = []
    for number in range(2 * sessions):
        luck = Luck(seed).child(number)
        spans += changed(trace(luck, f"s{seed}-{number // 2}", START + number * 10**9))
    folder.write_block(0, spans)
    folder.finish("complete")
    return folder
