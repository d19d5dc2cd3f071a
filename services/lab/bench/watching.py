"""Lets sets of rules watch the episodes of recordings, in worker processes."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

from observability.bench.episode import Episode
from observability.bench.watching import Watched, track_of_times
from observability.detectors.errors import EngineMissing
from observability.detectors.loading import load_rules
from observability.detectors.prometheus.engine import Programs
from observability.detectors.prometheus.rules import PrometheusRules
from observability.detectors.prometheus.series import Piece
from observability.detectors.rule import RuleInfo
from observability.detectors.rule_set import RuleProblem, RuleSet
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import Renaming, signals_of
from observability.signals.signal import load_signals
from services.lab.bench.episodes import episode_of
from services.lab.bench.labelled import episodes_of_run
from services.lab.bench.labels import Label
from services.lab.bench.recording import HEALTHY_FOLDER, Recording
from services.lab.runs.processes import in_processes

Progress = Callable[[int, int], None]
"""Told how many episodes have been watched, and how many there are."""


@dataclass(frozen=True, slots=True)
class Source:
    """Where a set of rules comes from; without a folder, those that are shipped."""

    folder: Path | None = None
    thresholds: Path | None = None
    allow_code: bool = False

    @property
    def name(self) -> str:
        """Return what the set is called in reports."""
        return "shipped rules" if self.folder is None else str(self.folder)

    def load(self) -> RuleSet:
        """Load the rules, and the baselines with them."""
        return load_rules(
            self.folder,
            self.thresholds,
            signals=load_signals(),
            baselines=True,
            allow_code=self.allow_code,
        )


@dataclass(frozen=True, slots=True)
class LabelledRun:
    """A run that no bench made, with what its owner says of its requests, if anything."""

    path: Path
    labels: Mapping[str, Label] | None = None
    onset_ns: int | None = None
    mapping: Renaming | None = None


@dataclass(frozen=True, slots=True)
class Seen:
    """What a set of rules said of all episodes, and what was wrong with it."""

    source: Source
    infos: Mapping[str, RuleInfo]
    watched: tuple[Watched, ...]
    problems: tuple[RuleProblem, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Task:
    recording: Recording
    sources: tuple[Source, ...]


@dataclass(frozen=True, slots=True)
class _Told:
    by_source: tuple[Watched, ...]


def watch_all(
    recordings: Sequence[Recording],
    sources: Sequence[Source],
    programs: Programs,
    workers: int,
    progress: Progress | None = None,
) -> tuple[Seen, ...]:
    """Return what each set of rules said of each recording's episode, in their order.

    Rules with mistakes are named in ``problems`` and the others go on, as are
    Prometheus rules where there is no Prometheus.
    """
    tasks = [_Task(recording, tuple(sources)) for recording in recordings]
    told: dict[str, _Told] = {}
    advice = "Run it again, with fewer --workers if it was memory."
    answers = in_processes(_watch, tasks, min(workers, len(tasks)), advice)
    for done, answer in enumerate(answers, 1):
        told[answer.by_source[0].episode.id] = answer
        if progress is not None:
            progress(done, len(tasks))
    ordered = sorted(told.values(), key=lambda each: _place(each.by_source[0].episode))
    paths = {each.id: each.path for each in recordings}
    return _seen(ordered, sources, programs, lambda episode: _points(paths[episode.id]))


def watch_runs(
    runs: Sequence[LabelledRun],
    sources: Sequence[Source],
    programs: Programs,
    progress: Progress | None = None,
) -> tuple[Seen, ...]:
    """Return what each set of rules said of the episodes of runs that no bench made.

    Raises what ``episodes_of_run`` raises.
    """
    told, points = [], {}
    spoken_of: set[str] = set()
    notes = []
    for done, run in enumerate(runs, 1):
        folder = RunFolder.open(run.path)
        requests = signals_of(folder, mapping=run.mapping)
        episodes = episodes_of_run(folder, requests, run.labels, run.onset_ns)
        if run.labels is not None:
            spoken_of |= {str(i) for each in episodes for i in each.signals["trace_id"].to_pylist()}
            whole = requests.num_rows
            if left := whole - sum(each.requests for each in episodes):
                notes.append(f"{run.path}: {left:,} of {whole:,} requests have no label; left out")
        told += [
            _Told(tuple(_watched(_loaded(source), each) for source in sources)) for each in episodes
        ]
        # The metrics of a run with several arms do not tell which arm they are of.
        if len(episodes) == 1:
            points[episodes[0].id] = run.path
        if progress is not None:
            progress(done, len(runs))
    strangers = sorted({i for run in runs for i in run.labels or ()} - spoken_of)
    if strangers:
        notes.append(
            f"labels: {len(strangers):,} are of traces that no recording has, e.g. {strangers[0]}"
        )
    return _seen(
        told,
        sources,
        programs,
        lambda episode: (
            Piece.of_run(RunFolder.open(points[episode.id])) if episode.id in points else Piece(())
        ),
        tuple(notes),
    )


def _seen(
    told: Sequence[_Told],
    sources: Sequence[Source],
    programs: Programs,
    points: Callable[[Episode], Piece],
    notes: tuple[str, ...] = (),
) -> tuple[Seen, ...]:
    found = []
    for number, source in enumerate(sources):
        rules = _loaded(source)
        seen = Seen(
            source,
            {name: rule.info for name, rule in rules.rules.items()},
            tuple(each.by_source[number] for each in told),
            rules.problems,
            (*rules.notes, *notes),
        )
        found.append(_with_prometheus(seen, rules.prometheus, programs, points))
    return tuple(found)


def _watch(task: _Task) -> _Told:
    episode = episode_of(task.recording)
    return _Told(tuple(_watched(_loaded(source), episode) for source in task.sources))


@lru_cache(maxsize=16)
def _loaded(source: Source) -> RuleSet:
    return source.load()


def _watched(rules: RuleSet, episode: Episode) -> Watched:
    rules.reset()
    fed = rules.feed(episode.signals)
    return Watched(episode, fed.tracks, fed.failures)


def _place(episode: Episode) -> tuple[str, float, int]:
    return (episode.fault, episode.severity, episode.seed)


def _with_prometheus(
    seen: Seen, files: Sequence[Path], programs: Programs, points: Callable[[Episode], Piece]
) -> Seen:
    """Add what alerts of Prometheus said of the same episodes."""
    if not files:
        return seen
    engine = PrometheusRules(programs)
    try:
        problems = [problem for file in files for problem in engine.load(file)[1]]
        infos = engine.infos
        found = engine.evaluate([points(each.episode)] for each in seen.watched)
    except EngineMissing as missing:
        # The other rules go on without them.
        left_out = [RuleProblem(file, f"{file.name}: left out, {missing}") for file in files]
        return replace(seen, problems=(*seen.problems, *left_out))
    watched = []
    for number, each in enumerate(seen.watched):
        tracks = dict(each.tracks)
        for name in infos:
            times = [firing.time_ns for firing in found.alarms[name][number]]
            tracks[name] = track_of_times(times, each.episode)
        watched.append(replace(each, tracks=tracks))
    notes = [f"{name}: {message}" for name, message in found.failures.items()]
    notes += [
        f"{name}: reads {', '.join(metrics)}, of which there are no points"
        for name, metrics in found.absent.items()
    ]
    return replace(
        seen,
        infos={**seen.infos, **infos},
        watched=tuple(watched),
        problems=(*seen.problems, *problems),
        notes=(*seen.notes, *notes),
    )


def _points(path: Path) -> Piece:
    """Return the metrics of an episode: of the healthy first half, then of the recording."""
    folder = RunFolder.open(path)
    points = list(folder.metrics())
    if path.name != HEALTHY_FOLDER:
        healthy = RunFolder.open(path.parent / HEALTHY_FOLDER)
        for block in sorted(healthy.done_blocks() - folder.done_blocks()):
            points += healthy.metrics(block)
    return Piece(sorted(points, key=lambda point: point.time_ns), folder.manifest.resources)
