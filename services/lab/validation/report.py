"""The judgements as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from services.lab.plain import plain
from services.lab.validation.experiment import Experiment
from services.lab.validation.judging import Judged


def as_json(experiment: Experiment, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return what was measured of every fault; a number that is undefined is null."""
    return {
        "experiment": asdict(experiment),
        "confidence": 0.95,
        "faults": [{**plain(asdict(each)), **_told(each)} for each in judged],
    }


def _told(judged: Judged) -> dict[str, Any]:
    return {
        "holds": judged.holds,
        "silent": judged.green.silent,
        "latency_steady": judged.green.steady,
        "monotone": judged.dose.monotone,
    }
