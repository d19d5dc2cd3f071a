"""What the parts of a scenario are written with: durations, names, shares."""

from __future__ import annotations

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

SECOND_NS = 1_000_000_000
_UNITS = {"d": 86_400, "h": 3_600, "m": 60, "s": 1}
_DURATION = r"(\d+(\.\d+)?d)?(\d+(\.\d+)?h)?(\d+(\.\d+)?m)?(\d+(\.\d+)?s)?"


def seconds_of(value: Any) -> Any:
    """Read ``1h30m`` or a number of seconds; raises ``ValueError``."""
    if isinstance(value, str):
        compact = value.replace(" ", "")
        if not compact or not re.fullmatch(_DURATION, compact):
            raise ValueError("is no duration; write e.g. 90s, 20m or 1h30m")
        return sum(float(n) * _UNITS[unit] for n, unit in re.findall(r"([\d.]+)([dhms])", compact))
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError("is no duration; write e.g. 90s, 20m or 1h30m")
    try:
        return float(value)
    except OverflowError:
        return math.inf


def text_of(seconds: float) -> str:
    """Write seconds as ``seconds_of`` reads them."""
    whole, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(whole), 60)
    parts = [f"{hours}h" * bool(hours), f"{minutes}m" * bool(minutes), f"{rest:g}s" * bool(rest)]
    return "".join(parts) or "0s"


Duration = Annotated[
    float,
    BeforeValidator(seconds_of, json_schema_input_type=str | float),
    PlainSerializer(text_of, return_type=str),
    Field(ge=0, le=366 * 86_400, allow_inf_nan=False),
]
"""Seconds; in a file ``90s``, ``20m``, ``1h30m`` or a number of seconds."""

Positive = Annotated[Duration, Field(gt=0)]
Share = Annotated[float, Field(ge=0, le=1, allow_inf_nan=False)]
Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,63}$")]
"""A name of an arm."""

Figure = Literal[
    "accuracy",
    "abstention_rate",
    "error_rate",
    "latency_p50_ms",
    "latency_p95_ms",
    "review_rate",
    "tokens",
    "cost_usd",
    "groundedness",
    "top1_similarity",
]
"""A number that is taken of any stretch of traffic."""


class Part(BaseModel):
    """A part of a scenario: what it does not know is refused."""

    model_config = ConfigDict(extra="forbid", frozen=True)
