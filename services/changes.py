"""What an experiment changes about the application that the settings describe."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agents.parts import WorkflowParts
    from corpus.world import WorldFolder


def _unchanged(parts: WorkflowParts) -> WorkflowParts:
    return parts


@dataclass(frozen=True, slots=True)
class Changes:
    """A company's folder in place of the settings' one, and other parts for the agents.

    ``adapt`` gets the parts of the healthy workflow and returns those to use.
    """

    world: WorldFolder | None = None
    adapt: Callable[[WorkflowParts], WorkflowParts] = _unchanged


NO_CHANGES = Changes()
