"""What a span costs, from a bare SDK to all that this project does with it.

Run with ``pytest tests/benchmarks/test_span_cost.py``; a round is 30 spans.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from opentelemetry.sdk.trace import TracerProvider
from pytest_benchmark.fixture import BenchmarkFixture

from observability.clock import RealClock
from observability.recording import SQLiteRecording
from observability.telemetry import SeededIds, Telemetry, TelemetrySettings, mask, semconv

_SPANS = 30
_RETRIEVAL = {
    semconv.GEN_AI_DATA_SOURCE_ID: "finance",
    semconv.GEN_AI_RETRIEVAL_TOP_K: 5,
    semconv.RETRIEVAL_SCORES: [0.9, 0.8, 0.7, 0.6, 0.5],
    semconv.RETRIEVAL_CHUNK_IDS: ["a", "b", "c", "d", "e"],
    semconv.RETRIEVAL_TOP1_SIMILARITY: 0.9,
    semconv.RETRIEVAL_RETURNED: 5,
}


def _trace(telemetry: Telemetry) -> None:
    with telemetry.span("root"):
        for _ in range(_SPANS - 1):
            with telemetry.span("retrieval finance", _RETRIEVAL):
                pass


def _variants(folder: Path) -> dict[str, Callable[[], Telemetry]]:
    clock = RealClock()

    def recorded(ids: SeededIds | None = None) -> Telemetry:
        recording = SQLiteRecording(folder / "spans.sqlite")
        return Telemetry("gateway", clock, sinks=[recording.add], ids=ids)

    return {
        "disabled": lambda: Telemetry("gateway", clock, TelemetrySettings(disabled=True)),
        "no sink": lambda: Telemetry("gateway", clock),
        "recorded": recorded,
        "recorded, seeded": lambda: recorded(SeededIds("run", "gateway")),
    }


@pytest.mark.parametrize("variant", ["disabled", "no sink", "recorded", "recorded, seeded"])
def test_spans(benchmark: BenchmarkFixture, tmp_path: Path, variant: str) -> None:
    benchmark(_trace, _variants(tmp_path)[variant]())


def test_spans_of_a_bare_sdk(benchmark: BenchmarkFixture) -> None:
    tracer = TracerProvider(shutdown_on_exit=False).get_tracer("bare")

    def trace() -> None:
        with tracer.start_as_current_span("root"):
            for _ in range(_SPANS - 1):
                with tracer.start_as_current_span("retrieval finance", attributes=_RETRIEVAL):
                    pass

    benchmark(trace)


def test_masking_eight_thousand_characters(benchmark: BenchmarkFixture) -> None:
    text = ("Invoice INV-2026-0001 of V-1001 is EUR 12,345.67, due 2026-06-30. " * 130)[:8000]
    assert benchmark(mask, text) == text
