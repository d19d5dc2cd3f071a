"""What a rule knows from healthy requests, and what it must be told before it can work."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol, Self

import pyarrow as pa

from observability.detectors.reference import Reference
from observability.detectors.rule import Rule


@dataclass(frozen=True, slots=True)
class Need:
    """What a rule must learn; ``digest`` changes with all in the rule that it depends on.

    ``reads`` are the signals that it looks at. ``block`` is how many requests make a
    block whose highest statistic is taken for one draw.
    """

    threshold: bool
    healthy: bool
    digest: str
    block: int
    reads: frozenset[str] = frozenset()

    @property
    def anything(self) -> bool:
        """Tell whether there is something to learn."""
        return self.threshold or self.healthy


@dataclass(frozen=True, slots=True)
class Learned:
    """What one rule learned; ``blocks`` is from how many blocks its threshold is.

    ``signals`` stands for the code of the signals that it read, and is empty
    where that was not written down.
    """

    digest: str = ""
    threshold: float | None = None
    reference: Reference | None = None
    parameters: Mapping[str, float] = field(default_factory=dict)
    blocks: int = 0
    signals: str = ""


class LearningRule(Rule, Protocol):
    """A rule that can learn from healthy requests."""

    @property
    def need(self) -> Need: ...

    def study(self, healthy: Sequence[pa.Table]) -> Learned:
        """Return the healthy values that it compares with, without a threshold yet."""
        ...

    def with_learned(self, learned: Learned) -> Self:
        """Return the same rule with what was learned."""
        ...

    def floor(self) -> float:
        """Return the least threshold that is worth having."""
        ...
