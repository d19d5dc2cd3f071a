"""Why an episode was missed, as far as the rules' own numbers tell."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from observability.bench.detection import outcome
from observability.bench.localisation import exceeded
from observability.bench.watching import Stretch, Watched, healthy_stretches

Reason = Literal[
    "no answer changed",
    "an alarm was still on",
    "below the threshold",
    "no statistic moved",
    "no rule has a statistic",
]


@dataclass(frozen=True, slots=True)
class Missed:
    """An episode that no rule of the set detected.

    ``rule`` came closest, its statistic reached ``ratio`` times its threshold
    under the fault and ``healthy`` times in healthy traffic (``nan`` where no
    rule has a statistic and a threshold above zero). ``impacted`` is the share
    of the requests from the onset on whose answer the fault changed.
    """

    episode: str
    fault: str
    severity: float
    held_out: bool
    reason: Reason
    rule: str
    ratio: float
    healthy: float
    impacted: float

    @property
    def told(self) -> str:
        """The reason in words."""
        reached = f"{self.rule} reached {self.ratio:.2f} of its threshold"
        before = f", {self.healthy:.2f} in healthy traffic"
        if math.isnan(self.healthy):
            before = ""
        if self.reason == "an alarm was still on":
            return f"an alarm of {self.rule} that began before the onset was still on"
        if self.reason == "below the threshold":
            return f"it moved below the threshold: {reached}{before}"
        if self.reason == "no statistic moved":
            return f"nothing moved beyond healthy traffic; closest, {reached}{before}"
        if self.reason == "no answer changed":
            return "the fault changed no answer in this episode"
        return "no rule of the set has a statistic to tell by"


def missed(
    watched: Sequence[Watched], rules: Sequence[str], healthy: Sequence[Watched] | None = None
) -> tuple[Missed, ...]:
    """Return the silent and loud episodes without an alarm, each with its reason."""
    usual = _usual(healthy_stretches(watched if healthy is None else healthy), rules)
    found = []
    for each in watched:
        if each.episode.kind in {"silent", "loud"} and not outcome(each, rules).detected:
            found.append(_why(each, rules, usual))
    return tuple(found)


def _why(watched: Watched, rules: Sequence[str], usual: dict[str, float]) -> Missed:
    episode = watched.episode
    start, end = episode.onset, episode.requests
    reached = {
        name: exceeded(watched.tracks[name], start, end) for name in rules if name in watched.tracks
    }
    known = {name: ratio for name, ratio in reached.items() if not math.isnan(ratio)}
    moved = {name: ratio for name, ratio in known.items() if ratio > usual.get(name, math.inf)}
    still_on = [name for name, ratio in known.items() if ratio > 1]
    impacted = episode.truth.impacted[start:end]
    share = float(np.mean(impacted)) if len(impacted) else math.nan
    reason: Reason
    if still_on:
        reason, among = "an alarm was still on", {name: known[name] for name in still_on}
    elif moved:
        reason, among = "below the threshold", moved
    elif share == 0 and episode.claim == "accuracy":
        reason, among = "no answer changed", known
    elif known:
        reason, among = "no statistic moved", known
    else:
        reason, among = "no rule has a statistic", {}
    rule = max(among, key=lambda name: among[name], default="")
    return Missed(
        episode=episode.id,
        fault=episode.fault,
        severity=episode.severity,
        held_out=episode.held_out,
        reason=reason,
        rule=rule,
        ratio=among.get(rule, math.nan),
        healthy=usual.get(rule, math.nan),
        impacted=share,
    )


def _usual(stretches: Sequence[Stretch], rules: Sequence[str]) -> dict[str, float]:
    """Return the highest share of its threshold that each rule reached in healthy traffic."""
    found: dict[str, float] = {}
    for stretch in stretches:
        for name in rules:
            if name not in stretch.watched.tracks:
                continue
            ratio = exceeded(stretch.watched.tracks[name], stretch.start, stretch.end)
            if not math.isnan(ratio):
                found[name] = max(found.get(name, 0.0), ratio)
    return found
