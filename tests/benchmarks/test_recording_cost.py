"""What a recorded span costs: time to write and read it, to export, import and send it.

Run with ``pytest tests/benchmarks/test_recording_cost.py``; a round is a block.
"""

from __future__ import annotations

from itertools import count
from pathlib import Path

import pytest
from pytest_benchmark.fixture import BenchmarkFixture

from observability.recording.otlp import to_request
from observability.recording.otlp_json import from_line, to_lines
from observability.recording.records import SpanRecord
from observability.recording.run_folder import RunFolder
from tests.observability.recording import run_sample as sample

_TRACES = 60


@pytest.fixture
def spans() -> list[SpanRecord]:
    return [span for n in range(_TRACES) for span in sample.trace(n, healthy=n % 3 != 2)]


def _note(benchmark: BenchmarkFixture, spans: list[SpanRecord]) -> None:
    benchmark.extra_info["µs a span"] = round(benchmark.stats["mean"] / len(spans) * 1e6, 1)


def test_writing(benchmark: BenchmarkFixture, spans: list[SpanRecord], tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r", {})
    blocks = count()
    benchmark(lambda: folder.write_block(next(blocks), spans))
    _note(benchmark, spans)


def test_reading(benchmark: BenchmarkFixture, spans: list[SpanRecord], tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r", {})
    folder.write_block(0, spans)
    benchmark(lambda: list(folder.spans()))
    _note(benchmark, spans)


def test_as_otlp_json(benchmark: BenchmarkFixture, spans: list[SpanRecord]) -> None:
    benchmark(lambda: list(to_lines(spans, {})))
    _note(benchmark, spans)


def test_from_otlp_json(benchmark: BenchmarkFixture, spans: list[SpanRecord]) -> None:
    lines = list(to_lines(spans, {}))
    benchmark(lambda: [from_line(line) for line in lines])
    _note(benchmark, spans)


def test_as_protobuf(benchmark: BenchmarkFixture, spans: list[SpanRecord]) -> None:
    benchmark(lambda: to_request(spans, {}))
    _note(benchmark, spans)
