"""Rules put together: by their group, and as the set that is scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from observability.detectors.rule import RuleInfo

INFRASTRUCTURE: Final = "infrastructure"
QUALITY: Final = "quality"
BASELINE: Final = "baseline"


def rules_of(infos: Mapping[str, RuleInfo], group: str) -> tuple[str, ...]:
    """Return the rules of a group, in their order."""
    return tuple(name for name, info in infos.items() if info.group == group)


def the_set(infos: Mapping[str, RuleInfo]) -> tuple[str, ...]:
    """Return the rules that are scored together: all but the baselines."""
    return tuple(name for name, info in infos.items() if info.group != BASELINE)
