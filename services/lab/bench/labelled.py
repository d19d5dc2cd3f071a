"""Makes episodes of recordings that were not made by a bench: runs with a seal, and labelled ones.

Of a run that still has its sealed part every arm is an episode. What comes from
elsewhere has no truth; its owner says from which moment on something was wrong,
or gives a table of labels: a CSV file with ``trace_id`` and, as far as known,
``fault``, ``layer``, ``applied``, ``impacted``, ``wrong`` and ``correct`` (1 or 0).
"""

from __future__ import annotations

import csv
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow as pa

from faults.errors import UnknownFault
from faults.registry import catalogue
from observability.bench.episode import Episode, Kind
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import Renaming, signals_of
from observability.signals.signal import LAYERS
from services.lab.bench.blindness import blind_signals
from services.lab.bench.campaign import held_out
from services.lab.bench.labels import Label, label_of, truth_of
from services.lab.errors import LabError

_YES = frozenset({"1", "true", "yes"})
_NO = frozenset({"0", "false", "no"})
_FLAGS = ("applied", "impacted", "wrong", "correct")
_COLUMNS = ("trace_id", "fault", "layer", *_FLAGS)
_SOMETHING = "something"
"""What is called wrong where only the moment is known."""


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


def labels_from(folder: RunFolder, requests: pa.Table, onset_ns: int) -> dict[str, Label]:
    """Return labels that say that something was wrong from a moment on."""
    starts = zip(requests["trace_id"].to_pylist(), requests["start_ns"].to_pylist(), strict=True)
    bad = Label(fault=_SOMETHING, applied=True, impacted=True)
    found = {trace_id: bad if start >= onset_ns else Label() for trace_id, start in starts}
    if all(label.fault for label in found.values()) or not any(x.fault for x in found.values()):
        raise BadLabels(f"{folder.path}: the onset does not lie within the recording")
    return found


def episodes_of_run(
    folder: RunFolder,
    labels: Mapping[str, Label] | None = None,
    onset_ns: int | None = None,
    mapping: Renaming | None = None,
) -> Sequence[Episode]:
    """Return an episode for each arm of a run, or the one of a labelled recording.

    Raises ``TruthMissingError`` for a run without its seal of which nothing is
    said, and ``BadLabels`` for labels of no request of it.
    """
    requests = signals_of(folder, mapping=mapping)
    if onset_ns is not None:
        labels = labels_from(folder, requests, onset_ns)
    if labels is None:
        labels = {record.trace_id: label_of(record) for record in folder.truth()}
    ids = requests["trace_id"].to_pylist()
    by_arm: dict[str, list[int]] = defaultdict(list)
    for place, trace_id in enumerate(ids):
        if trace_id in labels:
            by_arm[labels[trace_id].arm].append(place)
    if not by_arm:
        raise BadLabels(
            f"{folder.path}: none of its {len(ids)} requests has a label; label its trace ids, "
            f"which `stillgreen signals {folder.path} --to requests.csv` lists"
        )
    return [
        _episode(
            f"{folder.path.name}-{arm}",
            requests.take(pa.array(places)),
            [labels[ids[place]] for place in places],
        )
        for arm, places in sorted(by_arm.items())
    ]


def _episode(name: str, signals: pa.Table, labels: Sequence[Label]) -> Episode:
    faults = sorted({label.fault for label in labels if label.fault})
    hit = np.array([bool(label.fault) for label in labels], dtype=np.bool_)
    fault = "+".join(faults) or "no_fault"
    kind, layer, blind, claim = _known(faults, labels)
    return Episode(
        id=name,
        fault=fault,
        severity=max((label.severity for label in labels if label.fault), default=0.0),
        kind=kind,
        layer=layer,
        held_out=fault in held_out(),
        seed=0,
        onset=int(np.argmax(hit)) if hit.any() else len(labels),
        signals=signals,
        # What it inherited of an earlier one has no layer where nothing was wrong with it itself.
        truth=truth_of([x if x.fault else replace(x, layer="") for x in labels]),
        blind=blind,
        claim=claim,
    )


def _known(
    faults: Sequence[str], labels: Sequence[Label]
) -> tuple[Kind, str, tuple[str, ...], str]:
    """Return kind, layer, blind spots and claim of what was wrong, as far as it is known."""
    if not faults:
        return "healthy", "none", (), "accuracy"
    try:
        entries = [catalogue().get(fault) for fault in faults]
    except UnknownFault:
        entries = []
    if len(entries) == 1:
        (one,) = entries
        return one.kind.value, one.layer.value, blind_signals(one.blind), one.claim.measure
    said = {label.layer for label in labels if label.fault and label.layer in LAYERS}
    layers = {entry.layer.value for entry in entries} or said
    return "silent", layers.pop() if len(layers) == 1 else "none", (), "accuracy"


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
        fault=fault or (_SOMETHING if flags["applied"] else ""),
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
