"""What a recording says of each request that verdict and summary need, truth and spans joined."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from observability.recording.records import TruthRecord
from observability.recording.request_rows import RequestRow
from observability.recording.run_folder import RunFolder


@dataclass(frozen=True, slots=True)
class Fact:
    """One request; ``nan`` is what it does not have. ``receipts`` are by fault.

    ``luck_differs`` and ``luck_correct`` are of a further healthy run with
    other luck, None where none was made.
    """

    arm: str
    at_ns: int
    latency_ms: float
    failed: bool
    correct: bool
    abstained: bool
    review: bool
    tokens: float
    cost_usd: float
    groundedness: float
    top1_similarity: float
    receipts: Mapping[str, str]
    faulty: bool
    twin_correct: bool | None
    culprit_layer: str | None
    luck_differs: bool | None = None
    luck_correct: bool | None = None


def read_facts(folder: RunFolder) -> Iterator[Fact]:
    """Yield a fact for each request of a recording, block by block.

    Raises ``TruthMissingError``.
    """
    for block in sorted(folder.done_blocks()):
        rows = {row.trace_id: row for row in folder.requests(block)}
        for truth in folder.truth(block):
            yield fact_of(truth, rows.pop(truth.trace_id, None))


def fact_of(truth: TruthRecord, row: RequestRow | None) -> Fact:
    """Return what is known of one request; ``row`` is None for one without a trace."""
    return Fact(
        arm=truth.arm,
        at_ns=row.start_ns if row else 0,
        latency_ms=row.duration_ms if row else math.nan,
        failed=_failed(row),
        correct=truth.correct,
        abstained=truth.abstained,
        review=bool(row and row.review_required),
        tokens=_sum(row),
        cost_usd=_number(row.cost_usd if row else None),
        groundedness=_number(row.groundedness if row else None),
        top1_similarity=_number(row.top1_similarity if row else None),
        receipts=truth.receipts,
        # Without a twin only the questions were others; the application was healthy.
        faulty=bool(truth.faults) and truth.twin is not None,
        twin_correct=truth.twin_correct,
        culprit_layer=truth.culprit_layer,
        luck_differs=truth.luck_differs,
        luck_correct=truth.luck_correct,
    )


def _failed(row: RequestRow | None) -> bool:
    return row is None or (row.status_code or 500) >= 400 or row.error_spans > 0


def _sum(row: RequestRow | None) -> float:
    if row is None or row.input_tokens is None:
        return math.nan
    return float(row.input_tokens + (row.output_tokens or 0))


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)
