"""Kills runs with SIGKILL at random moments, resumes them, and compares all bytes.

Not a part of the ordinary tests, since it starts a dozen processes:
``pytest tests/benchmarks/test_killed_runs.py``.
"""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

KILLS = 3
BLOCK = 4
SCENARIO = """
seed: 5
traffic:
  duration: 10m
  requests: 60
  questions: {families: {invoice_total: 2, invoice_net: 1}}
arms:
  incident: {faults: [{id: misroute, onset: 5m}]}
second_luck: 0.5
"""
PROGRAM = f"""
import sys
from pathlib import Path
from services.lab.runs.engine import Engine, begin, reopen
from services.lab.runs.scenario_file import parse_scenario
from services.settings import Settings

if __name__ == "__main__":
    home, path, workers = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    settings = Settings(home=home, vendors=2, invoices=6)
    if not path.exists():
        begin(parse_scenario(sys.stdin.read()), settings, path)
    ran = Engine(*reopen(path, settings), settings, workers, block={BLOCK}).run()
    sys.exit(0 if ran.complete else 3)
"""


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("program") / "run.py"
    path.write_text(PROGRAM)
    return path


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


@pytest.fixture(scope="module")
def undisturbed(
    program: Path, home: Path, tmp_path_factory: pytest.TempPathFactory
) -> dict[str, bytes]:
    path = tmp_path_factory.mktemp("runs") / "whole"
    assert _start(program, home, path, 1).wait() == 0
    return _content(path)


@pytest.mark.parametrize("workers", [1, 2, 4])
def test_a_run_that_was_killed_three_times_has_the_bytes_of_one_that_was_not(
    program: Path, home: Path, undisturbed: dict[str, bytes], tmp_path: Path, workers: int
) -> None:
    chance = random.Random(workers)
    blocks = sum(name.startswith("spans/") for name in undisturbed)
    path = tmp_path / "run"
    killed_at = []
    for least in sorted(chance.sample(range(blocks - 1), KILLS)):
        process = _start(program, home, path, workers)
        while len(list((path / "spans").glob("part-*"))) < least and process.poll() is None:
            time.sleep(0.01)
        time.sleep(chance.uniform(0, 0.3))
        # Only the parent: its workers have to notice by themselves.
        os.kill(process.pid, signal.SIGKILL)
        assert process.wait() == -signal.SIGKILL
        killed_at.append(len(list((path / "spans").glob("part-*"))))
    assert killed_at[-1] < blocks, "it was too quick to be killed"
    assert _start(program, home, path, workers).wait() == 0
    assert _content(path) == undisturbed
    print(f"{workers} workers: killed with {killed_at} of {blocks} blocks done")  # noqa: T201


def _start(program: Path, home: Path, path: Path, workers: int) -> subprocess.Popen[bytes]:
    process = subprocess.Popen(
        [sys.executable, str(program), str(home), str(path), str(workers)],
        stdin=subprocess.PIPE,
    )
    assert process.stdin is not None
    process.stdin.write(SCENARIO.encode())
    process.stdin.close()
    return process


def _content(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }
