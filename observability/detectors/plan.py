"""What a rule does, with everything in it checked: made of a rule file, and of nothing else."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Literal

from observability.detectors.detector import DetectorKind, Setup, Window
from observability.detectors.expressions import Expression
from observability.detectors.reference import Reference
from observability.detectors.rule import RuleInfo
from observability.detectors.rule_file import Examples

LEARNED: Final = "learned"
Threshold = float | Literal["learned"]

_FEWEST_IN_BLOCK = 100


@dataclass(frozen=True, slots=True)
class Plan:
    """A checked rule.

    ``value`` is what the detector watches, or ``label`` where that is a label.
    Without a detector a rule speaks of single requests. ``minimum`` counts
    requests that it looked at; ``lasting`` and ``cooldown`` too. ``signals``
    are all that it reads, with their kinds.
    """

    info: RuleInfo
    condition: Expression | None
    score: Expression | None
    where: Expression | None
    value: Expression | None
    label: str | None
    group_by: str | None
    detector: DetectorKind | None
    setup: Setup
    minimum: int
    threshold: Threshold
    lasting: int
    cooldown: int
    signals: Mapping[str, str]
    examples: Examples | None = None

    @property
    def needs_threshold(self) -> bool:
        """Tell whether its threshold is to be learned."""
        return self.threshold == LEARNED

    @property
    def needs_reference(self) -> bool:
        """Tell whether it compares with healthy values; the floor of what it learns does."""
        detector = self.detector
        return detector is not None and (
            self.needs_threshold or detector.needs_reference(self.setup.direction)
        )

    @property
    def block(self) -> int:
        """How many requests make a block of which the highest statistic is taken."""
        size = self.setup.window.size if self.detector and self.detector.windowed else self.minimum
        return max(_FEWEST_IN_BLOCK, 2 * size, self.cooldown)

    @property
    def digest(self) -> str:
        """A hash of all that its learned values depend on."""
        detector = self.detector
        parts = (
            [each and each.text for each in (self.condition, self.value, self.where)],
            [each and each.text for each in (self.score,)] if not detector else [],
            self.label,
            self.group_by,
            detector and detector.name,
            self.setup.direction,
            [self.setup.window.requests, self.setup.window.time_ns],
            sorted(self.setup.parameters.items()),
            [self.minimum, self.lasting, self.cooldown],
            sorted(self.signals.items()),
        )
        return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]

    def expressions(self) -> dict[str, Expression]:
        """Return its expressions by what they are for."""
        named = {
            "condition": self.condition,
            "score": self.score,
            "where": self.where,
            "value": self.value,
        }
        return {name: each for name, each in named.items() if each is not None}

    def floor(self, reference: Reference) -> float:
        """Return the least threshold that is worth having."""
        if self.detector is None:
            return -float("inf")
        least = self.detector.floor(self.prepared(reference))
        if self.watches_flags:
            return max(least, 2.0 / self.setup.window.size)
        return least

    @property
    def watches_flags(self) -> bool:
        """Tell whether its detector watches how often its condition holds."""
        return self.detector is not None and self.value is None and self.label is None

    def prepared(self, reference: Reference) -> Setup:
        """Return what its detector is made of."""
        setup = self.setup
        return Setup(setup.direction, setup.window, reference, setup.parameters)


def default_window() -> Window:
    """Return the window of rules that have none."""
    return Window(100)
