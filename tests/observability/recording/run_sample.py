"""A small recorded run: traces that follow one another, with metrics, logs and truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from observability.recording.records import (
    Attributes,
    LogRecord,
    MetricRecord,
    SpanRecord,
    TruthRecord,
)
from observability.recording.run_folder import RunFolder
from tests.observability.trace_view.sample import START, question

SECOND = 1_000_000_000
RESOURCES = {
    "stillgreen-gateway": {"service.name": "stillgreen-gateway", "service.version": "1"},
}


def trace(number: int, healthy: bool = True) -> list[SpanRecord]:
    """Return a trace that begins ``number`` seconds after the first one."""
    late = number * SECOND
    return [
        replace(
            span,
            start_ns=span.start_ns + late,
            end_ns=span.end_ns + late,
            attributes=_as_recorded(span.attributes),
            events=tuple(replace(e, time_ns=e.time_ns + late) for e in span.events),
        )
        for span in question(trace_id(number), healthy=healthy)
    ]


def _as_recorded(attributes: Attributes) -> Attributes:
    return {k: tuple(v) if isinstance(v, list) else v for k, v in attributes.items()}


def trace_id(number: int) -> str:
    return f"{number + 1:08x}" * 4


def metric(time_s: int) -> MetricRecord:
    return MetricRecord(
        service="stillgreen-llm",
        name="gen_ai.client.token.usage",
        kind="histogram",
        unit="{token}",
        start_ns=START,
        time_ns=START + time_s * SECOND,
        value=30.0,
        count=2,
        bounds=(1.0, 4.0),
        buckets=(0, 1, 1),
        attributes={"gen_ai.token.type": "input"},
    )


def log(number: int) -> LogRecord:
    return LogRecord(
        "stillgreen-erp", START + number, "INFO", "served", trace_id(number), None, {"n": number}
    )


def truth(number: int, correct: bool = True) -> TruthRecord:
    return TruthRecord(
        trace_id=trace_id(number),
        arm="only",
        question_id=f"q{number}",
        family="terms",
        wording="w1",
        question="What are the terms?",
        expected="45 days",
        given="45 days" if correct else "30 days",
        correct=correct,
        abstained=False,
        number=number,
        faults={} if correct else {"filter_dropped": 1.0},
        receipts={} if correct else {"filter_dropped": "impacted"},
        twin=None if correct else trace_id(number + 90),
        culprit_span=None if correct else "0000000100000007",
        culprit_layer=None if correct else "retrieval",
    )


def write(folder: RunFolder, block: int, numbers: Sequence[int], sealed: bool = True) -> None:
    """Write a block of the traces with these numbers; every third answer is wrong."""
    folder.write_block(
        block,
        [span for n in numbers for span in trace(n, healthy=n % 3 != 2)],
        [metric(n) for n in numbers],
        [log(n) for n in numbers],
        [truth(n, n % 3 != 2) for n in numbers] if sealed else (),
        [span for n in numbers if n % 3 == 2 for span in trace(n + 90)] if sealed else (),
    )


def recorded(
    path: Path,
    blocks: Sequence[int] = (0, 1, 2),
    sealed: bool = True,
    scenario: str = "seed: 7\n",
    hidden: bool = False,
) -> RunFolder:
    """Return a complete recording of two traces a block, its blocks written in this order."""
    folder = RunFolder.create(path, "r-1", {"stillgreen": "1.0"}, RESOURCES)
    if sealed:
        folder.seal(scenario, 7, ["only"], hidden=hidden)
    for block in blocks:
        write(folder, block, (2 * block, 2 * block + 1), sealed)
    folder.finish("complete")
    return folder


def files(path: Path) -> dict[str, bytes]:
    """Return the bytes of every file below a folder."""
    return {
        found.relative_to(path).as_posix(): found.read_bytes()
        for found in sorted(path.rglob("*"))
        if found.is_file()
    }
