"""What a check on an answer sees and gives, and the walk that finds the check files."""

from __future__ import annotations

import importlib
import math
import pkgutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from agents.errors import DefinitionError
from agents.ports import Evidence
from corpus.ports import Entity


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with what it was given from: ``shown[0]`` is cited as ``[D1]``."""

    question: str
    answer: str
    abstained: bool
    shown: Sequence[Evidence]
    entities: Sequence[Entity] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a check gave. ``score`` is 0 to 1, ``nan`` when there is nothing to judge."""

    score: float
    label: str
    explanation: str = ""

    @property
    def defined(self) -> bool:
        """Return whether there was anything to judge."""
        return not math.isnan(self.score)


@dataclass(frozen=True, slots=True)
class Check:
    """One check; ``name`` is the stem of its file."""

    name: str
    evaluate: Callable[[Judged], Evaluation]


UNDEFINED = Evaluation(math.nan, "undefined", "there is nothing to judge")


def load_checks() -> Sequence[Check]:
    """Return the checks of this package in the order of their files.

    Raises ``DefinitionError`` when a file calls its check otherwise than itself.
    """
    checks: list[Check] = []
    here = Path(__file__).parent
    for module in sorted(pkgutil.iter_modules([str(here)]), key=lambda found: found.name):
        if module.name in ("check", "claims"):
            continue
        check = getattr(importlib.import_module(f"agents.evaluation.{module.name}"), "CHECK", None)
        if not isinstance(check, Check) or check.name != module.name:
            raise DefinitionError(f"agents/evaluation/{module.name}.py has no CHECK of its name")
        checks.append(check)
    return checks
