"""What was said beforehand not to see a fault: whether it indeed does not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from observability.bench.detection import detection
from observability.bench.requests import signal_score, within_routes
from observability.bench.timelines import number_columns
from observability.bench.watching import Watched
from observability.statistics import Estimate

Verdict = Literal["confirmed", "refuted", "not measured"]

_TELLS: Final = 0.6
"""A signal whose AUROC is beyond this, or below what it leaves of one, tells requests apart."""


@dataclass(frozen=True, slots=True)
class BlindSpot:
    """One declared blind spot.

    For a rule ``seen`` is the share of the fault's episodes that it detected
    and ``by_chance`` what its false alarms alone would have; for a signal
    ``seen`` is its AUROC between requests that the fault was applied to and all
    others, each seen among healthy ones of its route, where chance is 0.5.
    """

    fault: str
    name: str
    kind: Literal["rule", "signal", "unknown"]
    seen: Estimate
    by_chance: float
    verdict: Verdict


def blind_spots(
    watched: Sequence[Watched], signals: Mapping[str, bool], seed: int = 0
) -> tuple[BlindSpot, ...]:
    """Return the verdict on each blind spot that the faults declare, at their highest severity.

    ``signals`` says of some whether higher is worse; of the others it is taken
    to be, which the verdict does not depend on. A rule's blind spot is refuted
    if it detects most episodes and no false-alarm rate explains that
    (p < 0.05); a signal's, if the interval of its AUROC leaves chance out and
    its value is above 0.6 or below 0.4. What is declared by a name that is
    neither rule nor signal is not measured.
    """
    found = []
    for fault in sorted({each.episode.fault for each in watched if each.episode.blind}):
        mine = [each for each in watched if each.episode.fault == fault]
        highest = max(each.episode.severity for each in mine)
        mine = [each for each in mine if each.episode.severity == highest]
        for name in sorted({name for each in mine for name in each.episode.blind}):
            if any(name in each.tracks for each in mine):
                found.append(_of_rule(fault, name, mine, watched))
            elif any(name in number_columns(each.episode.signals) for each in mine):
                found.append(_of_signal(fault, name, signals.get(name, True), mine, seed))
            else:
                nothing = Estimate(math.nan, math.nan, math.nan, 0)
                found.append(BlindSpot(fault, name, "unknown", nothing, math.nan, "not measured"))
    return tuple(found)


def _of_rule(
    fault: str, name: str, mine: Sequence[Watched], everything: Sequence[Watched]
) -> BlindSpot:
    found = detection(mine, [name], everything)
    refuted = found.detected.value > 0.5 and found.p_chance < 0.05
    verdict: Verdict = "refuted" if refuted else "confirmed"
    return BlindSpot(fault, name, "rule", found.detected, found.by_chance.value, verdict)


def _of_signal(
    fault: str, name: str, higher_is_worse: bool, mine: Sequence[Watched], seed: int
) -> BlindSpot:
    episodes = [each.episode for each in mine]
    (score,) = signal_score(name, higher_is_worse, episodes, ("applied",), seed, within_routes)
    area = score.auroc
    if math.isnan(area.value):
        return BlindSpot(fault, name, "signal", area, 0.5, "not measured")
    apart = not area.low <= 0.5 <= area.high
    tells = apart and not 1 - _TELLS <= area.value <= _TELLS
    return BlindSpot(fault, name, "signal", area, 0.5, "refuted" if tells else "confirmed")
