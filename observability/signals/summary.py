"""What the signals of many requests look like: how many have them, and how they are spread."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from observability.signals.signal import Signal


@dataclass(frozen=True, slots=True)
class Summary:
    """One signal over many requests.

    ``n`` is how many requests have it and ``share`` how many of all. Of numbers
    there are quantiles (nan without any), of labels how often each occurs, the
    most frequent first.
    """

    signal: Signal
    n: int
    share: float
    p5: float = float("nan")
    median: float = float("nan")
    p95: float = float("nan")
    labels: tuple[tuple[str, int], ...] = ()


def summaries(table: pa.Table, signals: Mapping[str, Signal]) -> Sequence[Summary]:
    """Return a summary of each signal that a table has."""
    return [
        _summary(table.column(name), signal)
        for name, signal in signals.items()
        if name in table.column_names
    ]


def _summary(column: pa.ChunkedArray, signal: Signal) -> Summary:
    there = column.drop_null()
    n = len(there)
    share = n / len(column) if len(column) else float("nan")
    if signal.kind == "label":
        labels = tuple(Counter(there.to_pylist()).most_common())
        return Summary(signal, n, share, labels=labels)
    if not n:
        return Summary(signal, n, share)
    p5, median, p95 = np.quantile(there.to_numpy(), [0.05, 0.5, 0.95])
    return Summary(signal, n, share, float(p5), float(median), float(p95))
