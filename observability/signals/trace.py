"""One trace as signals read it: its spans by what they are, looked up once."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property

from observability.recording.records import EventRecord, SpanRecord
from observability.telemetry import semconv


class Trace:
    """The spans of one request, in order of start.

    What comes from elsewhere may lack spans and may have any type under a
    known key; whatever does not fit is as if it were not there.
    """

    def __init__(self, spans: Sequence[SpanRecord]) -> None:
        """Take the spans of one trace, at least one."""
        self.spans = tuple(sorted(spans, key=lambda span: (span.start_ns, -span.end_ns)))

    @cached_property
    def root(self) -> SpanRecord:
        """Return the span without a parent, or of half a trace the first whose parent is away."""
        ids = {span.span_id for span in self.spans}
        away = [span for span in self.spans if span.parent_id not in ids]
        return next((span for span in away if span.parent_id is None), (away or self.spans)[0])

    @cached_property
    def workflow(self) -> SpanRecord:
        """Return the span of the workflow, or the root where there is none."""
        found = self.operation(semconv.OP_INVOKE_WORKFLOW)
        return found[0] if found else self.root

    @cached_property
    def _by_operation(self) -> dict[str, list[SpanRecord]]:
        found: dict[str, list[SpanRecord]] = {}
        for span in self.spans:
            operation = span.attributes.get(semconv.GEN_AI_OPERATION_NAME)
            if isinstance(operation, str):
                found.setdefault(operation, []).append(span)
        return found

    @cached_property
    def _by_word(self) -> dict[str, list[SpanRecord]]:
        found: dict[str, list[SpanRecord]] = {}
        for span in self.spans:
            found.setdefault(span.name.partition(" ")[0], []).append(span)
        return found

    def operation(self, name: str) -> Sequence[SpanRecord]:
        """Return the spans with a value of ``gen_ai.operation.name``, in order."""
        return self._by_operation.get(name, ())

    def named(self, word: str) -> Sequence[SpanRecord]:
        """Return the spans whose name begins with a word, e.g. ``stillgreen.rerank``."""
        return self._by_word.get(word, ())

    @cached_property
    def _by_key(self) -> dict[str, list[SpanRecord]]:
        found: dict[str, list[SpanRecord]] = {}
        for span in self.spans:
            for key in span.attributes:
                found.setdefault(key, []).append(span)
        return found

    def having(self, key: str) -> Sequence[SpanRecord]:
        """Return the spans that have an attribute, in order."""
        return self._by_key.get(key, ())

    def agent(self, name: str) -> Sequence[SpanRecord]:
        """Return the turns of an agent."""
        return _of_agent(self.operation(semconv.OP_INVOKE_AGENT), name)

    def calls(self, agent: str) -> Sequence[SpanRecord]:
        """Return the model calls that were made for an agent."""
        return _of_agent(self.operation(semconv.OP_CHAT), agent)

    @cached_property
    def answering(self) -> Sequence[SpanRecord]:
        """Return the model call that wrote the answer; where no agent is named, the last."""
        return (self.calls("response") or self.operation(semconv.OP_CHAT))[-1:]

    @cached_property
    def _events(self) -> dict[str, list[EventRecord]]:
        found: dict[str, list[EventRecord]] = {}
        for span in self.spans:
            for event in span.events:
                found.setdefault(event.name, []).append(event)
        return found

    def events(self, name: str) -> Sequence[EventRecord]:
        """Return the events of a name."""
        return self._events.get(name, ())

    @cached_property
    def evaluations(self) -> dict[str, float]:
        """Return the scores of the checks on the answer by their names."""
        found: dict[str, float] = {}
        for event in self.events(semconv.EVENT_EVALUATION_RESULT):
            name = event.attributes.get(semconv.GEN_AI_EVALUATION_NAME)
            score = as_number(event.attributes.get(semconv.GEN_AI_EVALUATION_SCORE_VALUE))
            if isinstance(name, str) and score is not None:
                found[name] = score
        return found


def _of_agent(spans: Iterable[SpanRecord], name: str) -> Sequence[SpanRecord]:
    return [span for span in spans if span.attributes.get(semconv.GEN_AI_AGENT_NAME) == name]


def as_number(value: object) -> float | None:
    """Return a value as a finite number, yes and no as 1 and 0, None for anything else."""
    if not isinstance(value, int | float):
        return None
    try:
        number = float(value)
    except OverflowError:  # a whole number beyond any float
        return None
    return number if math.isfinite(number) else None


def as_texts(value: object) -> tuple[str, ...]:
    """Return a list of texts, empty for anything else."""
    return tuple(map(str, value)) if isinstance(value, tuple | list) else ()


def as_numbers(value: object) -> tuple[float, ...]:
    """Return a list of finite numbers, empty for anything else."""
    if not isinstance(value, tuple | list):
        return ()
    found = [as_number(each) for each in value]
    return tuple(each for each in found if each is not None)


def first(spans: Iterable[SpanRecord], key: str) -> object:
    """Return the first value of an attribute, None where no span has it."""
    return next((span.attributes[key] for span in spans if key in span.attributes), None)


def number(spans: Iterable[SpanRecord], key: str) -> float | None:
    """Return the first value of an attribute as a number."""
    return as_number(first(spans, key))


def text(spans: Iterable[SpanRecord], key: str) -> str | None:
    """Return the first value of an attribute if it is a text."""
    value = first(spans, key)
    return value if isinstance(value, str) else None


def total(spans: Iterable[SpanRecord], key: str) -> float | None:
    """Return the sum of an attribute over spans, None where no span has it."""
    found = [as_number(span.attributes.get(key)) for span in spans]
    there = [each for each in found if each is not None]
    return sum(there) if there else None


def seconds(spans: Iterable[SpanRecord]) -> float | None:
    """Return how long spans lasted together, None without any."""
    found = [(span.end_ns - span.start_ns) / 1e9 for span in spans]
    return sum(found) if found else None
