"""What a bench is made of: how many episodes of which faults, and which faults nobody looked at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from corpus.luck import Luck
from faults.fault import Kind
from faults.registry import catalogue
from services.lab.runs.scenario import Arm, FaultUse, Questions, Scenario, Traffic

SEVERITIES: Final = (0.2, 0.6, 1.0)
REQUESTS: Final = 600
"""Requests of an episode before its fault begins, and as many after."""

SEALED_SEEDS: Final = (1001, 1002, 1003)
"""Seeds of the episodes that scores are published of; no rule was written with these."""

TUNING_SEEDS: Final = (501,)
"""Seeds of the episodes that whoever writes rules may look at."""

HEALTHY_SEEDS: Final = tuple(range(101, 117))
"""Seeds of the healthy traffic that thresholds are learned on."""

QUIET_SEEDS: Final = (1101, 1102, 1103, 1104)
"""Seeds of further healthy traffic, which false alarms are counted in."""

QUICK_FAULTS: Final = (
    "filter_wrong",
    "rerank_skipped",
    "context_truncated",
    "grounding_clause_removed",
    "silent_fallback_mini",
    "misroute",
    "tool_stale_value",
    "memory_truncated",
    "tool_raises",
    "prompt_reworded",
)
"""One or two of each layer, a loud one and a control, none of which needs an index of its own."""

HELD_OUT_SEED: Final = 6
HELD_OUT_SHARE: Final = 1 / 3
_RATE: Final = 600.0


@dataclass(frozen=True, slots=True)
class Campaign:
    """The episodes of one bench: every fault at every severity with every seed.

    A control is tried at its highest severity only; ``requests`` are those on
    either side of the onset.
    """

    faults: tuple[str, ...]
    severities: tuple[float, ...] = SEVERITIES
    seeds: tuple[int, ...] = SEALED_SEEDS
    requests: int = REQUESTS

    def severities_of(self, fault_id: str) -> tuple[float, ...]:
        """Return the severities at which a fault is tried."""
        control = catalogue().get(fault_id).kind is Kind.CONTROL
        return (max(self.severities),) if control else self.severities


@dataclass(frozen=True, slots=True)
class Stretch:
    """The traffic of one seed: so many requests before the onset, and ``after`` it."""

    seed: int
    before: int = REQUESTS
    after: int = field(default=REQUESTS)

    def scenario(self, fault: str | None = None, severity: float = 1.0) -> Scenario:
        """Return the traffic as a scenario, healthy or with a fault from its first request."""
        total = self.before + self.after
        arm = Arm() if fault is None else Arm(faults=(FaultUse(id=fault, severity=severity),))
        return Scenario(
            seed=self.seed,
            traffic=Traffic(
                requests=total,
                duration=total * 3600.0 / _RATE,
                requests_per_hour=_RATE,
                questions=Questions(facts=50),
            ),
            arms={"episode": arm},
        )


def everything() -> Campaign:
    """Return the whole catalogue; that nothing is wrong is in each healthy recording."""
    known = catalogue()
    return Campaign(tuple(each for each in known.entries if each != "no_fault"))


def quick_campaign() -> Campaign:
    """Return some faults at their strongest with one seed and short episodes."""
    return Campaign(QUICK_FAULTS, severities=(1.0,), seeds=SEALED_SEEDS[:1], requests=200)


def held_out(faults: Sequence[str] | None = None) -> frozenset[str]:
    """Return the silent faults that are kept out of sight while rules are written.

    A third of them, drawn by a seed that was fixed before the first rule.
    """
    known = catalogue()
    silent = sorted(
        fault_id for fault_id in known.entries if known.get(fault_id).kind is Kind.SILENT
    )
    luck = Luck(HELD_OUT_SEED).child("held out")
    drawn = sorted(silent, key=luck.uniform)
    chosen = frozenset(drawn[: round(len(silent) * HELD_OUT_SHARE)])
    return chosen if faults is None else chosen & frozenset(faults)
