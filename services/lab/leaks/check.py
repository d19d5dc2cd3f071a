"""The check as a whole: are two recordings told apart, and does either give its seal away."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from observability.recording.run_folder import RunFolder
from services.lab.leaks.markers import MARKERS
from services.lab.leaks.scan import Find, scan, sealed_words
from services.lab.leaks.telling import Told, tell_apart
from services.lab.runs.scenario import Arm, FaultUse, Questions, Scenario, Traffic

ENOUGH = 2000
"""Requests of each recording below which the check says little."""

FOUND = 0.95
"""AUC that a planted marker must reach, or the judge is none."""

PLACEBO = "placebo"


@dataclass(frozen=True, slots=True)
class LeakReport:
    """What came of a check.

    ``controls`` are the same comparison with a marker planted into the second
    recording; ``finds`` are the places where words of the seals stand, by the
    recording's folder.
    """

    told: Told
    controls: Mapping[str, Told]
    finds: Mapping[str, Sequence[Find]]

    @property
    def is_clean(self) -> bool:
        """Tell whether nothing leaks, and the controls show that it would have been seen."""
        return (
            not self.told.apart
            and all(control.auc.value > FOUND for control in self.controls.values())
            and not any(self.finds.values())
        )


def scenarios(requests: int, seed: int) -> tuple[Scenario, Scenario]:
    """Return a healthy hour and one with a placebo in place, of seeds that differ.

    Both draw from all facts that there are. Asked of a sample each, they would
    be told apart by the questions.
    """
    traffic = Traffic(requests=requests, questions=Questions(facts=10_000))
    return (
        Scenario(seed=seed, traffic=traffic, arms={"healthy": Arm()}),
        Scenario(
            seed=seed + 1, traffic=traffic, arms={PLACEBO: Arm(faults=(FaultUse(id=PLACEBO),))}
        ),
    )


def check(one: RunFolder, other: RunFolder, plants: Iterable[str]) -> LeakReport:
    """Compare two recordings, with each marker planted too, and scan both.

    Raises what ``tell_apart`` raises; a recording without its seal is scanned
    for what is known of any run.
    """
    words = {*sealed_words(one), *sealed_words(other)}
    return LeakReport(
        tell_apart(one, other),
        {name: tell_apart(one, other, MARKERS[name]) for name in plants},
        {str(folder.path): scan(folder, words) for folder in (one, other)},
    )


def as_json(report: LeakReport) -> dict[str, Any]:
    """Return a report for a program; what is undefined is null."""
    return {
        "clean": report.is_clean,
        "told_apart": _told(report.told),
        "controls": {name: _told(control) for name, control in report.controls.items()},
        "finds": {run: [asdict(find) for find in finds] for run, finds in report.finds.items()},
    }


def _told(told: Told) -> dict[str, Any]:
    auc = {
        key: None if isinstance(value, float) and math.isnan(value) else value
        for key, value in asdict(told.auc).items()
    }
    return {"auc": auc, "requests": list(told.requests), "clues": list(told.clues)}
