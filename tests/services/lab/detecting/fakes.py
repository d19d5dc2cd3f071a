"""Rules and spans that are made for a test."""

from collections.abc import Mapping

import numpy as np
import pyarrow as pa

from observability.detectors.errors import RuleFailed
from observability.detectors.rule import Rule, RuleInfo, Severity, Track
from observability.detectors.rule_set import RuleSet
from observability.recording.records import Attributes, SpanRecord
from observability.signals.signal import Signal
from observability.signals.trace import number

SECOND = 1_000_000_000
SIGNALS: Mapping[str, Signal] = {
    name: Signal(name, "model", "1", name, "", lambda trace, key=key: number(trace.spans, key))
    for name, key in (("tokens", "gen_ai.usage.input_tokens"), ("confidence", "nobody.sends.it"))
}


class Above:
    """Raises an alarm at each request whose signal goes above a bound."""

    def __init__(
        self,
        signal: str,
        bound: float,
        severity: Severity = "warning",
        fails_at: int | None = None,
        name: str = "",
    ) -> None:
        self.info = RuleInfo(
            name or f"{signal}_above", "", severity, "", "look", "model", agent="finance"
        )
        self.reads = frozenset({signal})
        self._signal = signal
        self._bound = bound
        self._fails_at = fails_at
        self.seen = 0

    def feed(self, requests: pa.Table) -> Track:
        self.seen += requests.num_rows
        if self._fails_at is not None and self.seen >= self._fails_at:
            raise RuleFailed("took too long")
        column = requests.column(self._signal).fill_null(float("nan"))
        values = np.asarray(column.to_numpy(), dtype=np.float64)
        flagged = values > self._bound
        alarms = tuple(int(place) for place in np.flatnonzero(flagged))
        return Track(flagged, values, values, self._bound, alarms)

    def reset(self) -> None:
        self.seen = 0


def rule_set(*rules: Rule) -> RuleSet:
    return RuleSet({rule.info.id: rule for rule in rules})


def span(trace: int, place: int, parent: int | None, tokens: int | None, **more: str) -> SpanRecord:
    """Return a span of a model call; without tokens, of something else."""
    start = trace * 10 * SECOND + place * SECOND
    attributes: Attributes = (
        {}
        if tokens is None
        else {"gen_ai.operation.name": "chat", "gen_ai.usage.input_tokens": tokens}
    )
    return SpanRecord(
        f"{trace:032x}",
        f"{trace:08x}{place:08x}",
        None if parent is None else f"{trace:08x}{parent:08x}",
        "app",
        "step",
        "INTERNAL",
        start,
        start + SECOND,
        more.get("status", "UNSET"),
        attributes,
    )
