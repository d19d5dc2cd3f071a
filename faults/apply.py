"""Puts faults into parts: what a composition root calls before it hands parts to an application."""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import Any, TypeVar

from faults.exposure import degrade_exposed
from faults.fault import Seam
from faults.plan import ActiveFault
from faults.registry import Catalogue, catalogue

P = TypeVar("P")


def degrade_part(
    seam: Seam, part: P, active: Sequence[ActiveFault], known: Catalogue | None = None
) -> P:
    """Return one part under the active faults of its seam, or the very same part.

    Faults are put on in the order given, the last one outermost.
    """
    for choice in active:
        fault = (known or catalogue()).get(choice.id)
        if fault.seam in (seam, Seam.EVERY) and not choice.is_idle:
            part = degrade_exposed(fault, choice, part)
    return part


def apply(parts: P, active: Sequence[ActiveFault], known: Catalogue | None = None) -> P:
    """Return a dataclass of parts with each field that is named like a seam degraded.

    A fault whose seam is no field of these parts leaves them as they are: it
    belongs to another service. The very same object comes back when nothing
    changes.
    """
    if not dataclasses.is_dataclass(parts) or isinstance(parts, type):
        raise TypeError(f"{type(parts).__name__} is not a dataclass of parts")
    seams = {seam.value: seam for seam in Seam if seam not in (Seam.NONE, Seam.EVERY)}
    changes: dict[str, Any] = {}
    for field in dataclasses.fields(parts):
        if field.name not in seams:
            continue
        healthy = getattr(parts, field.name)
        if healthy is None:
            continue
        degraded = degrade_part(seams[field.name], healthy, active, known)
        if degraded is not healthy:
            changes[field.name] = degraded
    return dataclasses.replace(parts, **changes) if changes else parts


def relevant(
    seams: Sequence[Seam], active: Sequence[ActiveFault], known: Catalogue | None = None
) -> tuple[ActiveFault, ...]:
    """Return the active faults that touch any of these seams: the key of a cached assembly."""
    return tuple(
        choice
        for choice in active
        if not choice.is_idle and (known or catalogue()).get(choice.id).seam in (*seams, Seam.EVERY)
    )
