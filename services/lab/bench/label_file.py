"""Reads tables of labels: CSV files that say what was wrong with which trace.

Columns are ``trace_id`` and, as far as known, ``fault``, ``layer``,
``applied``, ``impacted``, ``wrong`` and ``correct`` (1 or 0).
"""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path

from observability.signals.signal import LAYERS
from services.lab.bench.labels import SOMETHING, Label
from services.lab.errors import LabError

_YES = frozenset({"1", "true", "yes"})
_NO = frozenset({"0", "false", "no"})
_FLAGS = ("applied", "impacted", "wrong", "correct")
_COLUMNS = ("trace_id", "fault", "layer", *_FLAGS)


class BadLabels(LabError):
    """A table of labels cannot be used; file, line, column and remedy are in the message."""


def read_labels(path: Path) -> dict[str, Label]:
    """Read a table of labels by trace id; raises ``BadLabels``."""
    try:
        # Spreadsheets write a mark before the first name, and people a space after a comma.
        with path.open(newline="", encoding="utf-8-sig") as file:
            reader = csv.reader(file, strict=True)
            names = [name.strip() for name in next(reader, [])]
            _check_names(path, names)
            found: dict[str, Label] = {}
            for cells in reader:
                if cells:
                    _take(path, reader.line_num, names, cells, found)
            return found
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadLabels(f"{path} cannot be read as CSV ({error}); save it as UTF-8") from error


def _check_names(path: Path, names: Sequence[str]) -> None:
    unknown = [name for name in names if name not in _COLUMNS]
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if unknown:
        said = f"has no column {unknown[0]!r}"
    elif twice:
        said = f"has the column {twice[0]} twice; keep one"
    elif "trace_id" not in names:
        said = "lacks the column trace_id"
    else:
        return
    raise BadLabels(f"{path}:1: {said}; there are {', '.join(_COLUMNS)}, set apart by commas")


def _take(
    path: Path, number: int, names: Sequence[str], cells: Sequence[str], found: dict[str, Label]
) -> None:
    """Add the label of one line to those that were found."""
    if len(cells) > len(names):
        raise BadLabels(
            f"{path}:{number}: has {len(cells)} values for {len(names)} columns; "
            "put a value that holds a comma in quotation marks"
        )
    row = dict(zip(names, cells, strict=False))
    trace_id = row["trace_id"].strip().lower() if "trace_id" in row else ""
    if not trace_id:
        raise BadLabels(f"{path}:{number}: trace_id is empty; write one, or remove the line")
    if trace_id in found:
        raise BadLabels(
            f"{path}:{number}: trace_id {trace_id} stands here for the second time; keep one"
        )
    found[trace_id] = _label(path, number, row)


def _label(path: Path, number: int, row: Mapping[str, str]) -> Label:
    fault = (row.get("fault") or "").strip()
    layer = (row.get("layer") or "").strip()
    if layer and layer not in LAYERS:
        raise BadLabels(
            f"{path}:{number}: layer is {layer!r}; it can be {', '.join(LAYERS)}, or left empty"
        )
    flags = {name: _flag(path, number, name, row.get(name)) for name in _FLAGS}
    wrong = bool(flags["wrong"])
    if wrong and flags["correct"]:
        raise BadLabels(f"{path}:{number}: is both wrong and correct; leave one of them empty")
    return Label(
        fault=fault or (SOMETHING if flags["applied"] else ""),
        layer=layer,
        applied=bool(fault) if flags["applied"] is None else flags["applied"],
        impacted=wrong or bool(fault) if flags["impacted"] is None else flags["impacted"],
        wrong=wrong,
        correct=not wrong if flags["correct"] is None else flags["correct"],
    )


def _flag(path: Path, number: int, name: str, text: str | None) -> bool | None:
    value = (text or "").strip().lower()
    if not value:
        return None
    if value in _YES or value in _NO:
        return value in _YES
    raise BadLabels(f"{path}:{number}: {name} is {text!r}; write 1 or 0, or leave it empty")
