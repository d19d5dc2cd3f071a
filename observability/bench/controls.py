"""Whether rules alarm at changes that harm nobody."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.bench.rates import RateComparison, adjusted, alarm_rate, compare_rates
from observability.bench.watching import Watched, healthy_stretches, stretches_after_onset


@dataclass(frozen=True, slots=True)
class Control:
    """How often a set of rules alarms under a control, against healthy traffic.

    ``p_adjusted`` is ``compared.p_more`` corrected for all that were looked at
    together.
    """

    control: str
    rules: str
    compared: RateComparison
    p_adjusted: float

    @property
    def raises_more(self) -> bool:
        """Whether it alarms more often than in healthy traffic, beyond chance at 5 %."""
        return self.p_adjusted < 0.05


def controls(watched: Sequence[Watched], sets: Mapping[str, Sequence[str]]) -> tuple[Control, ...]:
    """Return how sets of rules (or single ones) do under each control among the episodes."""
    healthy = healthy_stretches(watched)
    names = sorted({each.episode.fault for each in watched if each.episode.kind == "control"})
    found: list[Control] = []
    for name in names:
        mine = [
            each
            for each in watched
            if each.episode.kind == "control" and each.episode.fault == name
        ]
        stretches = stretches_after_onset(mine)
        compared = {
            label: compare_rates(alarm_rate(stretches, rules), alarm_rate(healthy, rules))
            for label, rules in sets.items()
        }
        holm = adjusted({label: each.p_more for label, each in compared.items()})
        found.extend(Control(name, label, each, holm[label]) for label, each in compared.items())
    return tuple(found)
