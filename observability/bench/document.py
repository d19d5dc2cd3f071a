"""The report as JSON: the fields of ``BenchReport``, what is undefined as null."""

from __future__ import annotations

import dataclasses
import json
import math
from collections.abc import Mapping, Sequence
from typing import Any

from observability.bench.localisation import confusion
from observability.bench.report import BenchReport
from observability.bench.requirements import Checked
from observability.bench.severities import smallest_detectable


def as_document(report: BenchReport, checked: Sequence[Checked] = ()) -> dict[str, Any]:
    """Return the report for programs; ``version`` says of which shape it is.

    Beside the report's own fields it holds ``smallest_detectable`` severities
    by set of rules and fault, the ``confusion`` of layers of silent faults and
    what became of the ``requirements``.
    """
    whole: dict[str, Any] = plain(report)
    whole["smallest_detectable"] = {
        name: {
            fault: plain(smallest_detectable(found, fault))
            for fault in sorted({each.fault for each in found})
        }
        for name, found in report.doses.items()
    }
    silent = [each for each in report.located if each.kind == "silent"]
    whole["confusion"] = [
        {"layer": layer, "named": named, "episodes": count}
        for (layer, named), count in sorted(confusion(silent).items())
    ]
    whole["requirements"] = [
        {
            "requirement": each.requirement.text,
            "figure": each.requirement.figure,
            "value": plain(each.value),
            "met": each.met,
        }
        for each in checked
    ]
    return whole


def as_json(report: BenchReport, checked: Sequence[Checked] = ()) -> str:
    """Return the document as text, strict JSON."""
    return json.dumps(as_document(report, checked), ensure_ascii=False, indent=1, allow_nan=False)


def plain(value: Any) -> Any:
    """Return dataclasses and all in them as JSON can hold them, e.g. a leaderboard."""
    if dataclasses.is_dataclass(value) and not isinstance(value, type):
        return {each.name: plain(getattr(value, each.name)) for each in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return {str(key): plain(each) for key, each in value.items()}
    if isinstance(value, tuple | list):
        return [plain(each) for each in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else _unbounded(value)
    return value


def _unbounded(value: float) -> str | None:
    """JSON knows no infinity: a ratio to nothing is told in words, the undefined is null."""
    return None if math.isnan(value) else ("infinite" if value > 0 else "-infinite")
