"""Records the traffic of episodes: healthy once for each seed, and once more under each fault.

An episode is the first half of a healthy recording followed by the second half
of the same traffic under a fault, so that all episodes of a seed share what is
healthy in them, and the healthy second half is the twin of every fault's.
"""

from __future__ import annotations

import hashlib
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from faults.plan import HEALTHY, ActiveFault, FaultPlan, PlannedFault
from observability.recording.errors import RecordingError
from observability.recording.run_folder import RunFolder
from services.lab.bench.campaign import Campaign, Stretch
from services.lab.mix import other_traffic
from services.lab.runs.blocks import BLOCK_SESSIONS
from services.lab.runs.engine import begin
from services.lab.runs.ledger import ArmDone, block_truth
from services.lab.runs.passes import Answered
from services.lab.runs.processes import in_processes
from services.lab.runs.traffic import Session, TrafficPlan
from services.lab.runs.worker import Worker, close_worker, worker_for
from services.settings import Settings

HEALTHY_FOLDER = "healthy"
_WAYS = 2**31

Progress = Callable[[int, int], None]
"""Told how many recordings are there, and how many there will be."""


@dataclass(frozen=True, slots=True)
class Recording:
    """One recording that is wanted: a stretch of traffic, healthy (``fault`` is None) or not."""

    settings: Settings
    stretch: Stretch
    fault: str | None
    severity: float
    path: Path

    @property
    def id(self) -> str:
        """Return the name of its episode, which does not tell what is in it."""
        return f"{self.stretch.seed}-{self.path.name}"


def recordings(settings: Settings, campaign: Campaign, home: Path) -> Sequence[Recording]:
    """Return all recordings of a campaign, those of one seed together, the healthy one first."""
    found = []
    for seed in campaign.seeds:
        stretch = Stretch(seed, campaign.requests, campaign.requests)
        found.append(healthy_recording(settings, stretch, home))
        # The highest severities first: what is broken off has told most by then.
        levels = [(s, fault) for fault in campaign.faults for s in campaign.severities_of(fault)]
        for severity, fault in sorted(levels, key=lambda level: (-level[0], level[1])):
            path = recording_path(home, stretch, fault, severity)
            found.append(Recording(settings, stretch, fault, severity, path))
    return found


def healthy_recording(settings: Settings, stretch: Stretch, home: Path) -> Recording:
    """Return the healthy recording of a stretch of traffic."""
    return Recording(settings, stretch, None, 0.0, recording_path(home, stretch, None, 0.0))


def recording_path(home: Path, stretch: Stretch, fault: str | None, severity: float) -> Path:
    """Return where a recording lies; its name does not tell what is in it."""
    folder = home / f"traffic-{stretch.seed}-{stretch.before}-{stretch.after}"
    if fault is None:
        return folder / HEALTHY_FOLDER
    return folder / _opaque(fault, severity, stretch.seed)


def record(
    wanted: Sequence[Recording], workers: int, progress: Progress | None = None
) -> Iterator[Recording]:
    """Make the recordings that are missing, and yield each as it is done.

    What is complete is kept and not made again. Raises ``WorkerLost``.
    """
    missing = [each for each in wanted if not is_complete(each.path)]
    done = len(wanted) - len(missing)

    def tell() -> None:
        if progress is not None:
            progress(done, len(wanted))

    tell()
    advice = "Run it again, with fewer --workers if it was memory."
    try:
        for each in in_processes(make, missing, min(workers, len(missing)), advice):
            done += 1
            tell()
            yield each
    finally:
        _twins.cache_clear()
        close_worker()


def is_complete(path: Path) -> bool:
    """Tell whether a recording is there and whole."""
    try:
        return path.is_dir() and RunFolder.open(path).manifest.state == "complete"
    except RecordingError:
        return False


def make(wanted: Recording) -> Recording:
    """Make one recording in this process; what a crash left of it is removed first."""
    unfinished = wanted.path.with_name(wanted.path.name + ".unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    shutil.rmtree(wanted.path, ignore_errors=True)
    scenario = wanted.stretch.scenario(wanted.fault, wanted.severity)
    folder = begin(scenario, wanted.settings, unfinished)
    worker = worker_for(wanted.settings, wanted.stretch.scenario())
    plan, way = HEALTHY, 0
    if wanted.fault is not None:
        plan = FaultPlan((PlannedFault(ActiveFault(wanted.fault, wanted.severity)),))
        way = 1 + int(_opaque(wanted.fault, wanted.severity, wanted.stretch.seed), 16) % _WAYS
        worker.prepare(plan)
    for number, sessions in _blocks(worker.traffic, wanted.stretch, wanted.fault is None):
        done = worker.ask(way, sessions, plan, sessions[0].requests[0].at_ns)
        twins: Mapping[int, Answered] = {}
        if wanted.fault is not None and not other_traffic(plan).faults:
            twins = _twins(wanted.settings, wanted.stretch, number)
        truth = block_truth(scenario, sessions, [ArmDone(done, twins, {})])
        spans = [span for one in done.answered.values() for span in one.spans]
        folder.write_block(number, spans, done.metrics, done.logs, truth, [])
    folder.finish("complete")
    if wanted.fault is not None:
        worker.release()
    unfinished.rename(wanted.path)
    return wanted


def second_half(traffic: TrafficPlan, before: int) -> int:
    """Return the number of the first session of the second half."""
    return next(
        (n for n in range(traffic.sessions) if traffic.requests_in(range(n)) >= before),
        traffic.sessions,
    )


def _blocks(
    traffic: TrafficPlan, stretch: Stretch, whole: bool
) -> Iterator[tuple[int, Sequence[Session]]]:
    """Yield the blocks of sessions, of all the traffic or of its second half, with numbers.

    No block has sessions of both halves, so that the second one is cut alike in
    every recording.
    """
    half = second_half(traffic, stretch.before)
    cuts = [*range(0, half, BLOCK_SESSIONS), *range(half, traffic.sessions, BLOCK_SESSIONS)]
    for number, begin_at in enumerate(cuts):
        end = half if begin_at < half else traffic.sessions
        if whole or begin_at >= half:
            numbers = range(begin_at, min(begin_at + BLOCK_SESSIONS, end))
            yield number, [traffic.session(n) for n in numbers]


@lru_cache(maxsize=32)  # the second half of one seed's traffic, block by block
def _twins(settings: Settings, stretch: Stretch, number: int) -> Mapping[int, Answered]:
    worker: Worker = worker_for(settings, stretch.scenario())
    sessions = dict(_blocks(worker.traffic, stretch, whole=False))[number]
    return worker.ask(0, sessions, HEALTHY, sessions[0].requests[0].at_ns).answered


def _opaque(fault: str, severity: float, seed: int) -> str:
    return hashlib.blake2b(f"{fault} {severity} {seed}".encode(), digest_size=6).hexdigest()
