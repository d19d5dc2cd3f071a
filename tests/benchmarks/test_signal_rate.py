"""How many spans a minute are read from a recording and turned into signals, and where it goes.

Run with ``pytest tests/benchmarks/test_signal_rate.py -s``. A small company's
run is recorded first; then its signals are worked out several times from the
Parquet parts and kept, and once more read. CPU time of one core is counted, so
that other programs of the machine matter less.
"""

from __future__ import annotations

import resource
import shutil
import sys
import time
from pathlib import Path
from statistics import median

import pytest

from observability.recording import parts, span_table
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import columns_needed, signals_of
from observability.signals.signal import load_signals
from services.lab.runs.blocks import BlockTask, run_block
from services.lab.runs.engine import begin
from services.lab.runs.scenario import changed
from services.lab.runs.scenario_file import load_scenario
from services.lab.runs.worker import close_worker
from services.settings import Settings

REQUESTS = 240
BLOCKS = 4
ROUNDS = 5
WANTED = 1_000_000  # spans a minute


def test_spans_a_minute(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = _recorded(tmp_path)
    spans = sum(map(parts.rows, folder.parts("spans").values()))
    load_signals()
    columns_needed()
    made, kept = [], []
    for _ in range(ROUNDS):
        shutil.rmtree(folder.path / "signals", ignore_errors=True)
        made.append(_cpu(lambda: signals_of(folder)))
        kept.append(_cpu(lambda: signals_of(folder)))
    whole = _cpu(lambda: [sum(1 for _ in folder.spans())])
    needed = _cpu(lambda: _read(folder))
    rate = spans / median(made) * 60
    size = sum(path.stat().st_size for path in (folder.path / "signals").iterdir())
    requests = signals_of(folder).num_rows
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        sys.stdout.write(
            f"\n{len(load_signals())} signals of {requests} requests, {spans} spans:"
            f" {rate:,.0f} spans a minute of one core"
            f" ({median(made) / spans * 1e6:.1f} µs a span,"
            f" {median(made) / requests * 1e3:.2f} ms a request)\n"
            f"  of it reading the columns that are needed {needed / median(made):.0%}"
            f" (all columns would be {whole / median(made):.0%})\n"
            f"  reading what is kept {median(kept) / requests * 1e6:.0f} µs a request,"
            f" {size / requests:.0f} bytes each; peak of the process {peak:.0f} MB\n"
        )
    assert rate > WANTED


def _recorded(tmp_path: Path) -> RunFolder:
    settings = Settings(home=tmp_path / "home", vendors=10, invoices=60)
    scenario = changed(load_scenario("healthy_hour"), REQUESTS, 5)
    try:
        begin(scenario, settings, tmp_path / "run")
        for number in range(BLOCKS):
            run_block(BlockTask(tmp_path / "run", settings, scenario, number))
    finally:
        close_worker()
    return RunFolder.open(tmp_path / "run")


def _read(folder: RunFolder) -> None:
    wanted = columns_needed() | set(span_table.CORE.names)
    for path in folder.parts("spans").values():
        names = [name for name in parts.column_names(path) if name in wanted]
        for _ in span_table.from_table(parts.read(path, names)):
            pass


def _cpu(work) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began
