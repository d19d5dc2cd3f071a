"""A finished span as it is kept: plain values, no SDK objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, Final

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


SPAN_FIELDS: Final = tuple(each.name for each in fields(SpanRecord))
"""What a span holds, in the order of its values everywhere; attributes and events come last."""
_plain_values = attrgetter(*SPAN_FIELDS[:-2])


def plain_values(span: SpanRecord) -> tuple[Any, ...]:
    """Return a span's values in the order of ``SPAN_FIELDS``, without attributes and events."""
    return tuple(_plain_values(span))


@dataclass(frozen=True, slots=True)
class MetricRecord:
    """One point of one metric: what a service measured between two moments.

    ``kind`` is sum, gauge or histogram. ``value`` is a sum's or gauge's value
    and a histogram's sum; ``count`` is the number of a histogram's values (1
    otherwise). ``buckets`` are a histogram's, one more than there are
    ``bounds``. A sum and a histogram hold what came between ``start_ns`` and
    ``time_ns`` (delta temporality). ``monotonic`` is a sum that is known only to
    grow, as a counter's is. Times are nanoseconds since the Unix epoch.
    """

    service: str
    name: str
    kind: str
    unit: str
    start_ns: int
    time_ns: int
    value: float
    count: int = 1
    bounds: Sequence[float] = ()
    buckets: Sequence[int] = ()
    attributes: Attributes = field(default_factory=dict)
    monotonic: bool = False


@dataclass(frozen=True, slots=True)
class LogRecord:
    """One line of a service's log; the ids say which span it was written in, if any."""

    service: str
    time_ns: int
    severity: str
    body: str
    trace_id: str | None = None
    span_id: str | None = None
    attributes: Attributes = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TruthRecord:
    """What is true of one request; whoever judges traces must not read it.

    ``faults`` maps the id of each that was active to its severity and
    ``receipts`` to what became of it: not_selected, not_exposed, applied,
    witnessed, impacted or inherited. ``twin`` is the trace id of the healthy
    run of the same question with the same luck, None for a healthy request.
    ``luck_differs`` tells whether a further healthy run, with other luck, gave
    another answer than the twin, and ``luck_correct`` whether that was right;
    both are None where none was made.
    The culprit is the first span, in causal order, that behaves otherwise than
    the twin's; its fields are None where nothing differs.
    """

    trace_id: str
    arm: str
    question_id: str
    family: str
    wording: str
    question: str
    expected: str
    given: str
    correct: bool
    abstained: bool
    answerable: bool = True
    number: int = 0
    faults: Mapping[str, float] = field(default_factory=dict)
    receipts: Mapping[str, str] = field(default_factory=dict)
    twin: str | None = None
    twin_correct: bool | None = None
    luck_differs: bool | None = None
    luck_correct: bool | None = None
    culprit_span: str | None = None
    culprit_name: str | None = None
    culprit_agent: str | None = None
    culprit_layer: str | None = None
    culprit_seam: str | None = None
