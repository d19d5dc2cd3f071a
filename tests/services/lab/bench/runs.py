"""Recordings of a few requests, without an application."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.run_folder import RunFolder
from observability.telemetry import semconv

START = 1_782_806_400 * 10**9
MINUTE = 60 * 10**9


def trace(number: int, similarity: float = 0.6, name: str = "a") -> tuple[SpanRecord, ...]:
    """Return one request of a minute of its own."""
    begin = START + number * MINUTE
    trace_id = f"{name.encode().hex()}{number:0{32 - 2 * len(name)}x}"
    root = SpanRecord(
        trace_id, "1" * 16, None, "gateway", "POST /v1/ask", "SERVER", begin, begin + 10**9, "UNSET"
    )
    search = SpanRecord(
        trace_id,
        "2" * 16,
        "1" * 16,
        "retrieval",
        "retrieval finance",
        "INTERNAL",
        begin + 10,
        begin + 1000,
        "UNSET",
        {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_RETRIEVAL,
            semconv.RETRIEVAL_TOP1_SIMILARITY: similarity,
        },
    )
    return (root, search)


def truth(number: int, name: str = "a", **more: object) -> TruthRecord:
    """Return what is true of a request, right and healthy unless said otherwise."""
    (root, _) = trace(number, name=name)
    values: dict[str, object] = {"correct": True, "abstained": False, "number": number, **more}
    return TruthRecord(
        root.trace_id,
        str(values.pop("arm", "episode")),
        f"q-{number}",
        "family",
        "w1",
        "?",
        "!",
        "!",
        **values,  # type: ignore[arg-type]
    )


def folder(
    path: Path, blocks: Sequence[tuple[int, Sequence[tuple[SpanRecord, ...]], list[TruthRecord]]]
) -> RunFolder:
    """Write a complete recording of some blocks."""
    made = RunFolder.create(path, "run", {"stillgreen": "1"})
    made.seal("", 1, ["episode"])
    for number, traces, truths in blocks:
        made.write_block(number, [span for each in traces for span in each], [], [], truths, [])
    made.finish("complete")
    return made
