"""Every part is wrapped as a fault would wrap it, and no wrapper changes anything.

Mechanism: each part stands behind an object that hands everything through.
Taxonomy: none; it is the control of every comparison.
A trace shows: what a healthy one shows.
Cannot show it: anything; a rule that tells it from the healthy application has
found the machinery and not a failure.
"""

from __future__ import annotations

from typing import Any

from faults.base import PartFault, StandsIn
from faults.fault import Kind, Layer, Seam, Severity


class HandsThrough(StandsIn):
    """Stands before a part and hands on whatever is asked of it."""

    __slots__ = ("healthy",)

    def __init__(self, part: Any) -> None:
        self.healthy = part

    def __repr__(self) -> str:
        # What is named by its contents, e.g. an index by its settings, keeps its name.
        return repr(self.healthy)


def wrap(part: Any, severity: Severity) -> Any:
    """Wrap a part, or each part of a collection of them."""
    if isinstance(part, tuple | list):
        return type(part)(HandsThrough(each) for each in part)
    if isinstance(part, dict):
        return {name: HandsThrough(each) for name, each in part.items()}
    return HandsThrough(part)


FAULT = PartFault(
    id="placebo",
    seam=Seam.EVERY,
    layer=Layer.NONE,
    summary="every part is wrapped and nothing is changed",
    taxonomy=(),
    shows_in=(),
    blind=(),
    kind=Kind.CONTROL,
    wrap=wrap,
)
