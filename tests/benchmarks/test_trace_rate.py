"""How many complete traces a run makes in a second of CPU, and where the time goes.

Run with ``pytest tests/benchmarks/test_trace_rate.py -s``. Blocks of a run of a
small company are made in this process, from the question to the Parquet parts:
first with questions and documents that nobody has read yet, then again. Two
workers make twice the traces of one as long as each has a core to itself; CPU
time is counted, so that other programs of the machine matter less. The table
is of the rounds in which all has been read before.
"""

from __future__ import annotations

import signal
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from statistics import median
from types import FrameType

import pytest

from services.lab.runs.blocks import BlockTask, run_block
from services.lab.runs.engine import begin
from services.lab.runs.scenario import Scenario, changed
from services.lab.runs.scenario_file import load_scenario, of_faults
from services.lab.runs.worker import close_worker
from services.settings import Settings

ROUNDS = 5
REQUESTS = 240
BLOCKS = 3
STAGES = {
    "reading (the models)": ("services/llm/",),
    "the models' requests and replies": (
        "services/llm/app.py",
        "services/llm/refusing.py",
        "services/llm/replies.py",
        "services/llm/streaming.py",
        "services/llm/schemas.py",
    ),
    "spans": ("opentelemetry/", "observability/telemetry/", "observability/recording/processor"),
    "metrics": ("opentelemetry/sdk/metrics", "observability/telemetry/span_metrics"),
    "instrumentation of HTTP": ("opentelemetry/instrumentation", "observability/telemetry/http"),
    "HTTP clients": ("httpx/", "services/app_client.py", "agents/clients/", "services/transport"),
    "HTTP applications": ("fastapi/", "starlette/", "services/problems.py", "services/gateway/"),
    "encoding and counting": ("corpus/embedding.py", "corpus/encoding_cache.py"),
    "reranking": ("corpus/reranking.py",),
    "searching": ("corpus/", "services/retrieval/", "chromadb/"),
    "ledger": ("corpus/ledger/", "services/erp/"),
    "agents": ("agents/",),
    "evaluation": ("agents/evaluation/",),
    "event loop": ("asyncio/", "services/virtual_time.py"),
    "writing Parquet": ("observability/recording/",),
    "truth, receipts, culprit": ("services/lab/", "observability/trace_view/", "corpus/questions/"),
}
"""Stages by where the code lies. The innermost function that lies anywhere decides, and of
several places that fit it the longest."""


@pytest.mark.parametrize("faults", [(), ("misroute",)], ids=["healthy", "fault and twins"])
def test_traces_a_second(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], faults: Sequence[str]
) -> None:
    settings = Settings(home=tmp_path / "home", vendors=10, invoices=60)
    scenario = of_faults(list(faults)) if faults else load_scenario("healthy_hour")
    scenario = changed(scenario, REQUESTS, 5)
    seen: Counter[str] = Counter()
    try:
        new = _round(settings, scenario, tmp_path / "new")
        with _sampled(seen):
            known = [_round(settings, scenario, tmp_path / f"{n}") for n in range(ROUNDS)]
    finally:
        close_worker()
    middle, total = median(known), sum(seen.values())
    lines = [
        f"\n{'with a fault' if faults else 'healthy'}, of one core: "
        f"{1000 / middle:.1f} traces a second, {middle:.1f} ms CPU each "
        f"({min(known):.1f} to {max(known):.1f} in {ROUNDS} rounds); "
        f"{new:.1f} ms when everything is read for the first time",
        *(f"  {s:34} {n / total:6.1%} {middle * n / total:6.2f} ms" for s, n in seen.most_common()),
    ]
    with capsys.disabled():
        sys.stdout.write("\n".join(lines) + "\n")
    assert middle < new


def _round(settings: Settings, scenario: Scenario, folder: Path) -> float:
    """Make the blocks of a run and return the CPU of one trace, in ms."""
    begin(scenario, settings, folder)
    # Building the system and reading the weights belongs to no trace.
    run_block(BlockTask(folder, settings, scenario, BLOCKS))
    began = time.process_time()
    done = [run_block(BlockTask(folder, settings, scenario, n)) for n in range(BLOCKS)]
    return (time.process_time() - began) * 1000 / sum(block.asked for block in done)


@contextmanager
def _sampled(seen: Counter[str]) -> Iterator[None]:
    """Look every millisecond of CPU at what is being done; that is cheap and skews nothing."""

    def look(_number: int, frame: FrameType | None) -> None:
        while frame is not None:
            stage = _stage(frame.f_code.co_filename)
            if stage is not None:
                seen[stage] += 1
                return
            frame = frame.f_back
        seen["other"] += 1

    before = signal.signal(signal.SIGPROF, look)
    signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@cache  # the look must take much less than a millisecond
def _stage(path: str) -> str | None:
    fits = [
        (len(place), stage)
        for stage, places in STAGES.items()
        for place in places
        if f"/{place}" in path
    ]
    return max(fits)[1] if fits else None
