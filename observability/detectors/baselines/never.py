"""A rule that never says anything."""

from __future__ import annotations

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo


class Never:
    """Says no to every request."""

    info = RuleInfo(
        id="never",
        title="Never",
        severity="info",
        description="Says no to every request. What it misses is all there is to find.",
        runbook="Nothing to do; it never fires.",
        layer="infrastructure",
        group="baseline",
        judges=True,
    )

    def update(self, request: Request) -> bool:
        return False

    def reset(self) -> None:
        pass


RULE = Never()
