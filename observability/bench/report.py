"""All scores of a bench, put together from what rules said of its episodes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np

from observability.bench.blind_spots import BlindSpot, blind_spots
from observability.bench.controls import Control, controls
from observability.bench.detection import Detection, Outcome, detection, outcome, outcomes
from observability.bench.episode import Kind
from observability.bench.groups import INFRASTRUCTURE, QUALITY, rules_of, the_set
from observability.bench.held_out import HeldOut, detected_held_out, held_out
from observability.bench.localisation import (
    Localisation,
    Located,
    Method,
    localisation,
    locate,
)
from observability.bench.missed import Missed, missed
from observability.bench.requests import (
    Judged,
    RequestScore,
    SignalScore,
    judged,
    signal_scores,
)
from observability.bench.severities import Dose, doses
from observability.bench.timelines import Timeline, timeline
from observability.bench.twins import TwinTest, against_twins
from observability.bench.watching import Watched, healthy_stretches
from observability.detectors.rule import RuleInfo

VERSION: Final = 1
"""Of the document; it rises when a field goes or changes its meaning."""

RULE_SET: Final = "rule set"
INFRASTRUCTURE_RULES: Final = "infrastructure rules"
QUALITY_RULES: Final = "quality rules"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where the figures come from; ``budget`` is false alarms per 1,000 healthy requests."""

    seeds: tuple[int, ...] = ()
    thresholds: str = ""
    budget: float = float("nan")
    rules_from: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SetScore:
    """How some rules did together; ``highest`` is over each silent fault's highest severity."""

    name: str
    rules: tuple[str, ...]
    silent: Detection
    highest: Detection
    loud: Detection
    twins: TwinTest


@dataclass(frozen=True, slots=True)
class Tally:
    """How many episodes of a group of faults were detected."""

    group: str
    detected: int
    episodes: int


@dataclass(frozen=True, slots=True)
class RuleScore:
    """How one rule did.

    ``by_layer`` counts detected episodes by the layer of silent faults, of loud
    ones together. ``requests`` and ``curve`` are empty for a rule that says
    nothing of single requests.
    """

    info: RuleInfo
    score: SetScore
    by_layer: tuple[Tally, ...]
    requests: tuple[RequestScore, ...]
    curve: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Silence:
    """What infrastructure rules saw of the silent faults that make one measure worse."""

    claim: str
    faults: tuple[str, ...]
    detection: Detection
    twins: TwinTest


@dataclass(frozen=True, slots=True)
class BenchReport:
    """Everything that a bench found; see the fields' types for what they mean.

    ``outcomes`` and ``doses`` are those of silent and loud episodes by the name
    of a set of rules; ``localisation`` is of silent ones alone, since rules of
    the infrastructure, which see loud ones first, blame no layer. ``kinds`` and
    ``layers`` are those of the faults.
    """

    version: int
    provenance: Provenance
    episodes: int
    requests: int
    healthy_requests: int
    sets: tuple[SetScore, ...]
    rules: tuple[RuleScore, ...]
    silences: tuple[Silence, ...]
    outcomes: Mapping[str, tuple[Outcome, ...]]
    doses: Mapping[str, tuple[Dose, ...]]
    localisation: Localisation
    localisation_loud: Localisation
    located: tuple[Located, ...]
    kinds: Mapping[str, Kind]
    layers: Mapping[str, str]
    method: Method
    controls: tuple[Control, ...]
    blind_spots: tuple[BlindSpot, ...]
    missed: tuple[Missed, ...]
    held_out: HeldOut
    held_out_ac1: HeldOut
    signals: tuple[SignalScore, ...]
    timelines: tuple[Timeline, ...]
    failures: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def set_named(self, name: str) -> SetScore:
        """Return the scores of a set. Raises ``KeyError``."""
        return {each.name: each for each in self.sets}[name]


def bench_report(
    watched: Sequence[Watched],
    infos: Mapping[str, RuleInfo],
    signals: Mapping[str, bool],
    provenance: Provenance,
    method: Method = Method(),  # noqa: B008 - frozen
    seed: int = 0,
) -> BenchReport:
    """Return all scores of some rules over some episodes.

    ``infos`` are the rules, whose tracks ``watched`` holds. ``signals`` are
    those whose own quality is measured, with whether higher is worse.
    """
    rules = the_set(infos)
    sets = {
        RULE_SET: rules,
        QUALITY_RULES: rules_of(infos, QUALITY),
        INFRASTRUCTURE_RULES: rules_of(infos, INFRASTRUCTURE),
    }
    located = locate(watched, infos, rules, method)
    silent = [each for each in watched if each.episode.kind == "silent"]
    harmful = [each for each in watched if each.episode.kind in {"silent", "loud"}]
    tried = {label: outcomes(harmful, names) for label, names in sets.items()}
    return BenchReport(
        version=VERSION,
        provenance=provenance,
        episodes=len(watched),
        requests=sum(each.episode.requests for each in watched),
        healthy_requests=sum(each.requests for each in healthy_stretches(watched)),
        sets=tuple(score_of_set(label, names, watched) for label, names in sets.items()),
        rules=tuple(_score_of_rule(name, info, watched, seed) for name, info in infos.items()),
        silences=_silences(silent, sets[INFRASTRUCTURE_RULES], watched),
        outcomes=tried,
        doses={label: doses(each) for label, each in tried.items()},
        localisation=localisation(each for each in located if each.kind == "silent"),
        localisation_loud=localisation(each for each in located if each.kind == "loud"),
        located=located,
        kinds={each.episode.fault: each.episode.kind for each in watched},
        layers={each.episode.fault: each.episode.layer for each in watched},
        method=method,
        controls=controls(watched, {**sets, **{name: (name,) for name in infos}}),
        blind_spots=blind_spots(watched, signals, seed),
        missed=missed(watched, rules),
        held_out=detected_held_out(
            (each for each in tried[RULE_SET] if each.kind == "silent"), seed
        ),
        held_out_ac1=held_out(
            (
                (each.fault, each.held_out, each.blamed.names_layer(each.layer, 1))
                for each in located
                if each.detected and each.kind == "silent"
            ),
            seed,
        ),
        signals=signal_scores(signals, [each.episode for each in watched], seed),
        timelines=tuple(timeline(each, rules) for each in _telling(silent)),
        failures=_failures(watched),
    )


def score_of_set(name: str, rules: Sequence[str], watched: Sequence[Watched]) -> SetScore:
    """Return how some rules did together over the episodes."""
    silent = [each for each in watched if each.episode.kind == "silent"]
    loud = [each for each in watched if each.episode.kind == "loud"]
    return SetScore(
        name=name,
        rules=tuple(rules),
        silent=detection(silent, rules, watched),
        highest=detection(at_highest_severity(silent), rules, watched),
        loud=detection(loud, rules, watched),
        twins=against_twins(silent, rules, watched),
    )


def at_highest_severity(watched: Sequence[Watched]) -> list[Watched]:
    """Return the episodes of each fault's highest severity."""
    highest: dict[str, float] = {}
    for each in watched:
        fault = each.episode.fault
        highest[fault] = max(each.episode.severity, highest.get(fault, 0.0))
    return [each for each in watched if each.episode.severity == highest[each.episode.fault]]


def _score_of_rule(name: str, info: RuleInfo, watched: Sequence[Watched], seed: int) -> RuleScore:
    tracks = [each.tracks[name] for each in watched if name in each.tracks]
    judges = info.judges or any(
        bool(track.flagged.any()) or bool(np.isfinite(track.score).any()) for track in tracks
    )
    told = judged(name, watched, seed) if judges else Judged((), ())
    return RuleScore(
        info=info,
        score=score_of_set(name, [name], watched),
        by_layer=_tallies(name, watched),
        requests=told.scores,
        curve=told.curve,
    )


def _tallies(name: str, watched: Sequence[Watched]) -> tuple[Tally, ...]:
    groups: dict[str, list[bool]] = {}
    for each in watched:
        if each.episode.kind in {"silent", "loud"}:
            group = each.episode.layer if each.episode.kind == "silent" else "loud"
            groups.setdefault(group, []).append(outcome(each, [name]).detected)
    return tuple(Tally(group, sum(hits), len(hits)) for group, hits in sorted(groups.items()))


def _silences(
    silent: Sequence[Watched], rules: Sequence[str], everything: Sequence[Watched]
) -> tuple[Silence, ...]:
    found = []
    for claim in sorted({each.episode.claim for each in silent}):
        mine = [each for each in silent if each.episode.claim == claim]
        found.append(
            Silence(
                claim,
                tuple(sorted({each.episode.fault for each in mine})),
                detection(mine, rules, everything),
                against_twins(mine, rules, everything),
            )
        )
    return tuple(found)


def _telling(silent: Sequence[Watched], most: int = 60) -> list[Watched]:
    """Return the first episode of each silent fault at its highest severity, for drawing."""
    first: dict[str, Watched] = {}
    for each in at_highest_severity(silent):
        first.setdefault(each.episode.fault, each)
    return list(first.values())[:most]


def _failures(watched: Sequence[Watched]) -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for each in watched:
        for name, reason in each.failures.items():
            found.setdefault(name, []).append(f"{each.episode.id}: {reason}")
    return {name: tuple(reasons) for name, reasons in found.items()}
