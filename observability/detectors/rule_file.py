"""The format of a rule in YAML, field by field."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StringConstraints

from observability.signals.signal import SIGNAL_LAYERS

_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Cell = float | str | None


def _learnable(value: Any) -> Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    # Nothing is ever as high as infinity, and nothing is compared with what is no number.
    if value == "learned" or (number and math.isfinite(value)):
        return value
    raise ValueError("is a number, or `learned`")


Learnable = Annotated[float | Literal["learned"], BeforeValidator(_learnable)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


def _seconds(value: Any) -> Any:
    """Read ``90s``, ``10m`` or ``2h``; a mistake is told by ValueError."""
    found = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([smhd])", value) if isinstance(value, str) else None
    if found is None:
        raise ValueError("is a time such as 90s, 10m or 2h")
    return float(found[1]) * _UNITS[found[2]]


def _layer(value: Any) -> Any:
    if value not in SIGNAL_LAYERS:
        raise ValueError(f"is one of {', '.join(SIGNAL_LAYERS)}")
    return value


class WindowPart(_Part):
    """``window:``: the last ``requests``, or those of the last ``time``."""

    requests: int | None = Field(default=None, ge=2, le=100_000)
    time: Annotated[float, BeforeValidator(_seconds)] | None = None


class DetectorPart(BaseModel):
    """``detector:``: a kind, what it watches, and parameters of that kind."""

    model_config = ConfigDict(extra="allow", frozen=True)

    kind: Text
    signal: Text | None = None
    expression: Text | None = None
    direction: Literal["up", "down", "both"] = "both"


class Stretch(_Part):
    """Rows of signals, gone through again and again until there are ``repeat`` of them."""

    rows: list[dict[str, Cell]] = Field(min_length=1)
    repeat: int = Field(default=1, ge=1, le=10_000)


class Example(_Part):
    """One example: signals of a request, or of ``repeat`` of them after a healthy stretch."""

    name: str = ""
    row: dict[str, Cell] | None = None
    rows: list[dict[str, Cell]] | None = Field(default=None, min_length=1)
    repeat: int = Field(default=1, ge=1, le=10_000)
    before: Stretch | None = None


class Examples(_Part):
    """``examples:``: what the rule must raise an alarm for, and what it must not."""

    positive: list[Example] = Field(min_length=1)
    negative: list[Example] = Field(min_length=1)


class RuleFile(_Part):
    """A rule; what the fields mean stands in docs/rules.md."""

    title: Text
    severity: Literal["info", "warning", "critical"]
    description: Text
    runbook: Text
    layer: Annotated[str, BeforeValidator(_layer)]
    agent: Text | None = None
    spans: tuple[Text, ...] = ()
    group: Literal["infrastructure", "quality"] = "quality"
    condition: Text | None = None
    detector: DetectorPart | None = None
    score: Text | None = None
    where: Text | None = None
    group_by: Text | None = None
    window: WindowPart | None = None
    minimum: int | None = Field(default=None, ge=1, le=100_000)
    share: Learnable | None = None
    threshold: Learnable | None = None
    lasting: int = Field(default=1, ge=1, le=10_000, alias="for")
    cooldown: int | None = Field(default=None, ge=0, le=100_000)
    examples: Examples
