"""Runs a scenario's blocks in worker processes and completes the recording."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from observability.recording import seal as seals
from observability.recording.errors import RecordingError
from observability.recording.records import Attributes
from observability.recording.run_folder import RunFolder
from observability.telemetry import semconv
from observability.telemetry.telemetry import resource_of
from services.foundation import Foundation, IndexProgress
from services.lab.runs.blocks import (
    BLOCK_SESSIONS,
    BlockDone,
    BlockTask,
    block_count,
    run_block,
    sessions_of,
)
from services.lab.runs.building import prepare_in_a_process
from services.lab.runs.errors import ResumeError
from services.lab.runs.overrides import overridden
from services.lab.runs.processes import in_processes
from services.lab.runs.scenario import Scenario
from services.lab.runs.scenario_file import dump_scenario, parse_scenario
from services.lab.runs.traffic import TrafficPlan
from services.lab.runs.worker import close_worker, run_key, traffic_of, worker_for
from services.settings import Settings, variable_of
from services.telemetries import telemetry_settings
from services.version import program_version

SERVICES = ("gateway", "retrieval", "llm", "erp")

BlockProgress = Callable[["Progress"], None]


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a run is. Requests are those recorded; ``asked`` counts healthy twins too."""

    done: int
    total: int
    before: int
    asked: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Return how many recorded requests a second this invocation makes."""
        return (self.done - self.before) / self.seconds if self.seconds > 0 else 0.0


@dataclass(frozen=True, slots=True)
class Ran:
    """What an invocation did: the folder, whether it is complete, and how fast it was."""

    folder: RunFolder
    scenario: Scenario
    complete: bool
    progress: Progress


def begin(scenario: Scenario, settings: Settings, path: Path, hidden: bool = False) -> RunFolder:
    """Make the folder of a new run, its sealed part ``hidden`` or not.

    Raises what ``RunFolder.create`` raises.
    """
    settings = overridden(settings, scenario.settings)
    version = program_version()
    folder = RunFolder.create(
        path, run_key(scenario)[:16], {"stillgreen": version}, _resources(settings, version)
    )
    folder.seal(
        dump_scenario(scenario),
        scenario.seed,
        list(scenario.arms),
        settings.deciding_answers(),
        hidden,
    )
    return folder


def reopen(path: Path, settings: Settings) -> tuple[RunFolder, Scenario]:
    """Open the folder of a run that was broken off, and read what it is made from.

    Raises what ``RunFolder.open`` raises, ``TruthMissingError`` without its
    sealed part, and ``ResumeError`` if another version of the program began it,
    or one with other settings.
    """
    folder = RunFolder.open(path)
    began_with = folder.manifest.versions.get("stillgreen")
    if began_with != program_version():
        raise ResumeError(
            f"{path} was begun by version {began_with} and this is {program_version()}: the rest "
            "would not be of one piece. Complete it with that version, or run it anew."
        )
    # Of a hidden one too: the rest is recorded without being shown.
    seal = seals.read(path)
    scenario = parse_scenario(seal.scenario, str(path / "sealed" / "scenario.yml"))
    now = overridden(settings, scenario.settings).deciding_answers()
    other = [name for name in seal.settings if seal.settings[name] != now.get(name)]
    if other:
        wanted = ", ".join(f"{variable_of(name)}={seal.settings[name]}" for name in other)
        raise ResumeError(
            f"{path} was begun with other settings. Complete it with {wanted}, or run it anew."
        )
    return folder, scenario


class Engine:
    """Completes one run; ``workers`` processes, none but this one with 1.

    ``block`` is the number of sessions in a block, the same for all of a run.
    """

    def __init__(
        self,
        folder: RunFolder,
        scenario: Scenario,
        settings: Settings,
        workers: int = 1,
        on_index: IndexProgress | None = None,
        on_block: BlockProgress | None = None,
        block: int = BLOCK_SESSIONS,
    ) -> None:
        self._folder = folder
        self._scenario = scenario
        self._settings = overridden(settings, scenario.settings)
        self._workers = workers
        self._on_index = on_index
        self._on_block = on_block
        self._block = block

    def run(self) -> Ran:
        """Run what is missing; a Ctrl-C keeps the blocks that are done and returns as well."""
        traffic = self._prepare()
        done = self._folder.done_blocks()
        blocks = range(block_count(traffic.sessions, self._block))
        missing = [number for number in blocks if number not in done]
        before = self._requests(traffic, done)
        progress = Progress(before, self._requests(traffic, blocks), before, 0, 0.0)
        complete = True
        began = time.perf_counter()
        self._tell(progress)
        try:
            for block in self._blocks(missing):
                progress = Progress(
                    progress.done + block.requests,
                    progress.total,
                    before,
                    progress.asked + block.asked,
                    time.perf_counter() - began,
                )
                self._tell(progress)
        except KeyboardInterrupt:
            # Blocks that were under way may have been completed meanwhile.
            now = self._folder.done_blocks()
            complete = not set(missing) - now
            seconds = time.perf_counter() - began
            progress = replace(progress, done=self._requests(traffic, now), seconds=seconds)
        except BaseException:
            with contextlib.suppress(RecordingError):
                self._folder.finish("interrupted")
            raise
        finally:
            close_worker()
        self._folder.finish("complete" if complete else "interrupted")
        return Ran(self._folder, self._scenario, complete, progress)

    def _requests(self, traffic: TrafficPlan, blocks: Iterable[int]) -> int:
        of_an_arm = sum(
            traffic.requests_in(sessions_of(traffic, number, self._block)) for number in blocks
        )
        return of_an_arm * len(self._scenario.arms)

    def _prepare(self) -> TrafficPlan:
        """Build world and indexes, once and before any worker wants them; return the traffic."""
        if self._workers > 1:
            prepare_in_a_process(self._settings, self._scenario, self._on_index)
            foundation = Foundation(self._settings)
            try:
                return traffic_of(self._scenario, foundation.world)
            finally:
                foundation.close()
        return worker_for(self._settings, self._scenario, self._on_index).traffic

    def _blocks(self, missing: Sequence[int]) -> Iterator[BlockDone]:
        tasks = [
            BlockTask(self._folder.path, self._settings, self._scenario, number, self._block)
            for number in missing
        ]
        advice = "Go on with --resume, with fewer --workers if it was memory."
        yield from in_processes(run_block, tasks, min(self._workers, len(tasks)), advice)

    def _tell(self, progress: Progress) -> None:
        if self._on_block is not None:
            self._on_block(progress)


def _resources(settings: Settings, version: str) -> dict[str, Attributes]:
    telling = telemetry_settings(settings, version)
    names = [f"{telling.service_name_prefix}-{service}" for service in SERVICES]
    return {name: _repeatable(resource_of(name, telling).attributes) for name in names}


def _repeatable(attributes: Mapping[str, object]) -> Attributes:
    """Leave out what names a process: a recording is made by several, and again by others."""
    kept = {k: v for k, v in attributes.items() if k != semconv.SERVICE_INSTANCE_ID}
    return cast(Attributes, kept)
