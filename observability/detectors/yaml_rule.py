"""A rule written in YAML, at work on a stream of requests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from observability.detectors.errors import RuleFailed
from observability.detectors.expressions import Evaluator
from observability.detectors.learned import Learned, Need
from observability.detectors.plan import LEARNED, Plan
from observability.detectors.reference import Reference, of_labels, of_numbers
from observability.detectors.rule import Flags, Numbers, RuleInfo, Track
from observability.detectors.stream import NAN, Edges, Stream

_MOST_GROUPS = 10_000
_OTHERS = "(others)"

Columns = Mapping[str, pa.ChunkedArray]


@dataclass(frozen=True, slots=True)
class _Looked:
    """What a rule makes of some requests before any detector: arrays of one length."""

    rows: npt.NDArray[np.int64]
    values: Sequence[float | str]
    flagged: Flags
    score: Numbers


class YamlRule:
    """A checked rule; ``learned`` holds its threshold and healthy values where it needs them."""

    def __init__(self, plan: Plan, learned: Learned | None = None) -> None:
        self.plan = plan
        learned = learned or Learned()
        self._reference = learned.reference or Reference(0)
        own = NAN if plan.threshold == LEARNED else float(plan.threshold)
        self.threshold = learned.threshold if learned.threshold is not None else own
        self._evaluator: Evaluator | None = None
        self._streams: dict[str, Stream] = {}

    @property
    def info(self) -> RuleInfo:
        return self.plan.info

    @property
    def need(self) -> Need:
        """What must be learned before it can raise alarms."""
        return Need(
            threshold=self.plan.needs_threshold,
            healthy=self.plan.needs_reference,
            digest=self.plan.digest,
            block=self.plan.block,
            reads=self.reads,
        )

    @property
    def reads(self) -> frozenset[str]:
        """The signals without which it cannot tell anything."""
        return frozenset(self.plan.signals)

    def reset(self) -> None:
        self._streams.clear()

    def with_learned(self, learned: Learned) -> YamlRule:
        """Return the same rule with what was learned."""
        return YamlRule(self.plan, learned)

    def study(self, healthy: Sequence[pa.Table]) -> Learned:
        """Return the healthy values that it compares with, without a threshold yet."""
        if not self.plan.needs_reference:
            return Learned(digest=self.plan.digest)
        looked = [self._look(self._columns(each), each) for each in healthy]
        values: list[float | str] = [value for each in looked for value in each.values]
        if self.plan.label is not None:
            return Learned(digest=self.plan.digest, reference=of_labels([str(v) for v in values]))
        reference = of_numbers(np.asarray(values, dtype=np.float64))
        if self.plan.detector is None or not self.plan.detector.shape:
            reference = replace(reference, quantiles=())
        return Learned(digest=self.plan.digest, reference=reference)

    def floor(self) -> float:
        """Return the least threshold that is worth having."""
        return self.plan.floor(self._reference)

    def feed(self, requests: pa.Table) -> Track:
        return self.feed_columns(self._columns(requests), requests)

    def feed_columns(self, columns: Columns, requests: pa.Table) -> Track:
        """Do as ``feed`` does, where the columns of its expressions are known already."""
        looked = self._look(columns, requests)
        statistic = np.full(requests.num_rows, NAN)
        alarms: list[int] = []
        times = requests.column("start_ns").to_numpy()[looked.rows].tolist()
        for group, places in self._groups(looked, requests):
            alarms += self._stream(group).feed(
                [int(looked.rows[n]) for n in places],
                [looked.values[n] for n in places],
                [times[n] for n in places],
                statistic,
            )
        flagged = looked.flagged
        if self.plan.condition is None and self.plan.detector is None:
            flagged = statistic >= self.threshold
        return Track(flagged, looked.score, statistic, self.threshold, tuple(sorted(alarms)))

    def _columns(self, requests: pa.Table) -> Columns:
        self._evaluator = self._evaluator or Evaluator()
        try:
            return self._evaluator.columns(requests, self.plan.expressions(), self.plan.signals)
        except RuleFailed as error:
            raise RuleFailed(f"{self.info.id}: {error}") from error

    def _look(self, columns: Columns, requests: pa.Table) -> _Looked:
        plan = self.plan
        looked_at = np.ones(requests.num_rows, dtype=bool)
        if plan.where is not None:
            looked_at = _flags(columns["where"])
        condition = _numbers(columns["condition"]) if plan.condition is not None else None
        flagged = np.zeros(requests.num_rows, dtype=bool)
        score = np.full(requests.num_rows, NAN)
        if condition is not None:
            flagged = looked_at & (condition == 1.0)
            score = np.where(looked_at, condition, NAN)
        if plan.score is not None:
            score = np.where(looked_at, _numbers(columns["score"]), NAN)
        rows, values = self._values(columns, requests, looked_at, condition, score)
        return _Looked(rows, values, flagged, score)

    def _values(
        self,
        columns: Columns,
        requests: pa.Table,
        looked_at: Flags,
        condition: Numbers | None,
        score: Numbers,
    ) -> tuple[npt.NDArray[np.int64], Sequence[float | str]]:
        """Return what the detector watches, and at which rows it is defined."""
        plan = self.plan
        if plan.label is not None:
            labels = _labels(requests, plan.label)
            rows = np.flatnonzero(looked_at & np.array([each is not None for each in labels], bool))
            return rows, [str(labels[n]) for n in rows.tolist()]
        if plan.value is not None:
            numbers = _numbers(columns["value"])
        else:
            numbers = condition if condition is not None else score
        rows = np.flatnonzero(looked_at & np.isfinite(numbers))
        return rows, numbers[rows].tolist()

    def _groups(self, looked: _Looked, requests: pa.Table) -> Iterable[tuple[str, Sequence[int]]]:
        if self.plan.group_by is None:
            return [("", range(len(looked.rows)))]
        labels = _labels(requests, self.plan.group_by)
        places: dict[str, list[int]] = {}
        for place, row in enumerate(looked.rows.tolist()):
            label = labels[row]
            if label is not None:
                places.setdefault(self._group(str(label)), []).append(place)
        return places.items()

    def _group(self, label: str) -> str:
        if label not in self._streams:
            if len(self._streams) >= _MOST_GROUPS:
                return _OTHERS
            self._stream(label)
        return label

    def _stream(self, group: str) -> Stream:
        found = self._streams.get(group)
        if found is None:
            plan = self.plan
            kind = plan.detector
            detector = kind.make(plan.prepared(self._reference)) if kind else None
            edges = Edges(self.threshold, plan.lasting, plan.cooldown)
            found = self._streams[group] = Stream(detector, plan.minimum, edges)
        return found


def _numbers(column: pa.ChunkedArray) -> Numbers:
    """Return a column as numbers: yes is 1, no is 0, null is nan."""
    return np.asarray(column.cast(pa.float64()).fill_null(NAN).to_numpy(), dtype=np.float64)


def _flags(column: pa.ChunkedArray) -> Flags:
    return np.asarray(column.fill_null(False).to_numpy(), dtype=bool)


def _labels(requests: pa.Table, name: str) -> Sequence[str | None]:
    if name not in requests.column_names:
        return [None] * requests.num_rows
    found: list[str | None] = requests.column(name).to_pylist()
    return found
