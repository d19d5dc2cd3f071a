"""A rule that is always alarmed."""

from __future__ import annotations

from observability.detectors.class_rule import Request
from observability.detectors.rule import RuleInfo


class Always:
    """Says yes to every request, which is one alarm that never ends."""

    info = RuleInfo(
        id="always",
        title="Always",
        severity="info",
        description="Says yes to every request; its precision is the rate of bad ones.",
        runbook="Nothing to do; it fires whatever happens.",
        layer="infrastructure",
        group="baseline",
        judges=True,
    )

    def update(self, request: Request) -> bool:
        return True

    def reset(self) -> None:
        pass


RULE = Always()
