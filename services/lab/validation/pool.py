"""Validates faults in worker processes, one fault at a time each, and keeps what is done."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from services.lab.runs.processes import in_processes
from services.lab.runs.worker import close_worker, worker_for
from services.lab.sources import add_sources
from services.lab.validation.asking import Asker
from services.lab.validation.cells import FaultCells, load, save
from services.lab.validation.experiment import Experiment
from services.settings import Settings
from services.version import program_version

Progress = Callable[[str, int, int], None]
"""Told a fault that is done, how many are, and how many there are."""


@dataclass(frozen=True, slots=True)
class Task:
    """One fault to be tried in a process."""

    settings: Settings
    experiment: Experiment
    fault: str
    path: Path


def validate(
    settings: Settings,
    experiment: Experiment,
    faults: Sequence[str],
    workers: int,
    progress: Progress | None = None,
) -> Iterator[FaultCells]:
    """Yield each fault's results, those kept from before first.

    Results are kept in the data folder by all that decides them, so that what
    was broken off goes on where it was. Raises ``WorkerLost`` when a process dies.
    """
    folder = settings.home / "validation" / _key(settings, experiment)
    tasks = [Task(settings, experiment, fault, folder / f"{fault}.json") for fault in faults]
    done = 0

    def tell(fault: str) -> None:
        if progress is not None:
            progress(fault, done, len(tasks))

    for task in tasks:
        if task.path.is_file():
            done += 1
            tell(task.fault)
            yield load(task.path)
    missing = [task for task in tasks if not task.path.is_file()]
    for fault in _run(missing, min(workers, len(missing))):
        done += 1
        tell(fault)
        yield load(folder / f"{fault}.json")


def _run(tasks: Sequence[Task], workers: int) -> Iterator[str]:
    advice = "Run it again, with fewer --workers if it was memory."
    try:
        yield from in_processes(_try_fault, tasks, workers, advice)
    finally:
        _asker.cache_clear()
        close_worker()


def _try_fault(task: Task) -> str:
    asker = _asker(task.settings, task.experiment)
    save(asker.fault(task.fault), task.path)
    return task.fault


@lru_cache(maxsize=1)
def _asker(settings: Settings, experiment: Experiment) -> Asker:
    return Asker(worker_for(settings, experiment.scenario()), experiment)


def _key(settings: Settings, experiment: Experiment) -> str:
    """Return a name for all that results follow from, the program's own files among it."""
    digest = hashlib.blake2b(digest_size=10)
    digest.update(f"{program_version()} {experiment} {settings.llm_model}".encode())
    add_sources(digest, ("agents", "corpus", "faults", "observability", "services"))
    return digest.hexdigest()
