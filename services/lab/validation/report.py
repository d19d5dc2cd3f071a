"""The judgements as JSON."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from typing import Any

from observability.statistics import Estimate
from services.lab.plain import plain
from services.lab.silence import Lights
from services.lab.validation.cells import BadCells
from services.lab.validation.dose import Dose
from services.lab.validation.experiment import Experiment
from services.lab.validation.judging import Judged, Shift


def as_json(experiment: Experiment, judged: Sequence[Judged]) -> dict[str, Any]:
    """Return what was measured of every fault; a number that is undefined is null."""
    return {
        "experiment": asdict(experiment),
        "confidence": 0.95,
        "faults": [{**plain(asdict(each)), **_told(each)} for each in judged],
    }


def read_report(report: Mapping[str, Any]) -> tuple[Experiment, list[Judged]]:
    """Return what ``as_json`` wrote; raises ``BadCells`` for what it did not write."""
    try:
        asked = report["experiment"]
        experiment = Experiment(**{**asked, "severities": tuple(asked["severities"])})
        return experiment, [_judged(each) for each in report["faults"]]
    except (KeyError, TypeError) as error:
        raise BadCells(f"this is no report of a validation ({error!r})") from None


def _judged(raw: Mapping[str, Any]) -> Judged:
    green, dose = raw["green"], raw["dose"]
    estimates = ("impacted", "claimed", "claimed_healthy", "layer_agrees")
    made = {
        **{key: raw[key] for key in (field.name for field in fields(Judged))},
        **{key: _estimate(raw[key]) for key in estimates},
        "green": Lights(
            **{
                **green,
                "errors": _estimate(green["errors"]),
                "errors_healthy": _estimate(green["errors_healthy"]),
                "latency_ratio": _number(green["latency_ratio"]),
            }
        ),
        "dose": Dose(
            tuple(map(_number, dose["severities"])),
            tuple(map(_number, dose["means"])),
            tuple(map(_number, dose["isotonic"])),
            _number(dose["p_value"]),
        ),
        "shifts": tuple(
            Shift(
                each["measure"],
                _estimate(each["healthy"]),
                _estimate(each["degraded"]),
                _estimate(each["difference"]),
                _number(each["effect"]),
            )
            for each in raw["shifts"]
        ),
        "problems": tuple(raw["problems"]),
    }
    return Judged(**made)


def _estimate(raw: Mapping[str, Any]) -> Estimate:
    return Estimate(_number(raw["value"]), _number(raw["low"]), _number(raw["high"]), raw["n"])


def _number(value: float | None) -> float:
    return math.nan if value is None else float(value)


def _told(judged: Judged) -> dict[str, Any]:
    return {
        "holds": judged.holds,
        "silent": judged.green.free_of_errors,
        "latency_steady": judged.green.steady,
        "monotone": judged.dose.monotone,
    }
