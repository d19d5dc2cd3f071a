"""What somebody says of requests, and what that makes true of an episode."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from observability.bench.episode import Truth
from observability.recording.records import TruthRecord
from services.lab.runs.receipts import TOUCHED

SOMETHING = "something"
"""What is called wrong where nobody says what it was."""


@dataclass(frozen=True, slots=True)
class Label:
    """What somebody, or a run's sealed part, says of one request; a healthy one has no ``fault``.

    ``layer`` and ``span`` are where it first differs from its healthy twin.
    """

    fault: str = ""
    layer: str = ""
    applied: bool = False
    impacted: bool = False
    wrong: bool = False
    correct: bool = True
    severity: float = 1.0
    span: str = ""
    arm: str = "recording"


def label_of(record: TruthRecord) -> Label:
    """Return what the sealed part of a run says of a request."""
    receipts = set(record.receipts.values())
    return Label(
        fault="+".join(sorted(record.faults)),
        layer=record.culprit_layer or "",
        applied=bool(receipts & TOUCHED),
        impacted="impacted" in receipts,
        wrong=bool(record.twin_correct) and not record.correct,
        correct=record.correct,
        severity=max(record.faults.values(), default=1.0),
        span=record.culprit_name or "",
        arm=record.arm,
    )


def truth_of(labels: Sequence[Label]) -> Truth:
    """Return what is true of an episode, of the labels of its requests in order."""
    return Truth(
        applied=np.array([label.applied for label in labels], dtype=np.bool_),
        impacted=np.array([label.impacted for label in labels], dtype=np.bool_),
        wrong=np.array([label.wrong for label in labels], dtype=np.bool_),
        correct=np.array([label.correct for label in labels], dtype=np.bool_),
        layers=tuple(label.layer for label in labels),
        spans=tuple(label.span for label in labels),
    )
