"""The report as JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from observability.statistics import Estimate
from services.lab.calibration.comparing import Compared, tally
from services.lab.calibration.curves import Curve
from services.lab.calibration.experiment import Calibration
from services.lab.plain import plain


def as_json(calibration: Calibration) -> dict[str, Any]:
    """Return everything that was measured, with the published numbers and their sources."""
    report: dict[str, Any] = {
        "seed": calibration.seed,
        "questions": calibration.questions,
        "confidence": 0.95,
        "tolerance": "within 5 points of the published share or in its own 95 % interval",
        "tallies": [{**asdict(t), "is_enough": t.is_enough} for t in tally(calibration.compared)],
        "cells": [_cell(compared) for compared in calibration.compared],
        "shapes": [asdict(shape) for shape in calibration.shapes],
        "curves": [_curve(curve) for curve in calibration.curves],
        "reliability": [asdict(each) for each in calibration.reliabilities],
        "fits": [
            {"preset": f.profile.name, "misfit": f.misfit, "values": dict(f.values)}
            for f in calibration.fits
        ],
    }
    written: dict[str, Any] = plain(report)
    return written


def _cell(compared: Compared) -> dict[str, Any]:
    cell = compared.cell
    return {
        "row": cell.row,
        "label": cell.label,
        "condition": cell.condition,
        "preset": cell.preset,
        "measure": cell.measure,
        "role": cell.role,
        "published": asdict(cell.published),
        "ours": _estimate(compared.ours),
        "met": compared.is_met,
        "source": asdict(cell.source),
        "why": "" if compared.is_met else cell.why,
    }


def _curve(curve: Curve) -> dict[str, Any]:
    points = [{"size": p.size, "label": p.label, **_estimate(p.value)} for p in curve.points]
    return {"kind": curve.kind, "preset": curve.preset, "points": points}


def _estimate(estimate: Estimate) -> dict[str, Any]:
    return {
        "value": estimate.value,
        "low": estimate.low,
        "high": estimate.high,
        "n": estimate.n,
    }
