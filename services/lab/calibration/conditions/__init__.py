"""The conditions of the published experiments, built out of the company's documents."""

from __future__ import annotations

import importlib
import pkgutil
from functools import lru_cache

from services.lab.calibration.conditions.condition import Condition
from services.lab.calibration.errors import BadPublished

__all__ = ["Condition", "all_conditions", "find_condition"]


@lru_cache(maxsize=1)
def all_conditions() -> dict[str, Condition]:
    """Return the conditions of every module, by name."""
    found: dict[str, Condition] = {}
    for name in sorted(module.name for module in pkgutil.iter_modules(__path__)):
        module = importlib.import_module(f"{__name__}.{name}")
        for condition in getattr(module, "CONDITIONS", ()):
            found[condition.name] = condition
    return found


def find_condition(name: str) -> Condition:
    """Return a condition, or raise ``BadPublished``."""
    if name not in all_conditions():
        raise BadPublished(f"there is no condition {name!r}: {', '.join(all_conditions())}")
    return all_conditions()[name]
