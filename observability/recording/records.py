"""A finished span as it is kept: plain values, no SDK objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

AttributeValue = str | bool | int | float | Sequence[str] | Sequence[bool] | Sequence[float]
Attributes = Mapping[str, AttributeValue]


@dataclass(frozen=True, slots=True)
class EventRecord:
    """Something that happened at one moment within a span."""

    name: str
    time_ns: int
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class SpanRecord:
    """One finished span.

    Ids are lower-case hex (32 and 16 characters); ``parent_id`` is None for a
    root. ``kind`` is INTERNAL, SERVER, CLIENT, PRODUCER or CONSUMER; ``status``
    is UNSET, OK or ERROR. Times are nanoseconds since the Unix epoch.
    """

    trace_id: str
    span_id: str
    parent_id: str | None
    service: str
    name: str
    kind: str
    start_ns: int
    end_ns: int
    status: str
    attributes: Attributes = field(default_factory=dict)
    events: Sequence[EventRecord] = ()

    @property
    def duration_ms(self) -> float:
        """Return how long the span lasted, in milliseconds."""
        return (self.end_ns - self.start_ns) / 1e6
