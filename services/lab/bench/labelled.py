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
        with path.open(newline="", encoding="utf-8") as file:
            reader = csv.DictReader(file)
            names = [name.strip() for name in reader.fieldnames or ()]
            unknown = [name for name in names if name not in _COLUMNS]
            if "trace_id" not in names or unknown:
                said = f"has no column {unknown[0]!r}" if unknown else "lacks the column trace_id"
                raise BadLabels(f"{path}:1: {said}; there are {', '.join(_COLUMNS)}")
            return {
                str(row["trace_id"]).strip().lower(): _label(path, number, row)
                for number, row in enumerate(reader, 2)
            }
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise BadLabels(f"{path} cannot be read as CSV ({error})") from error


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
        raise BadLabels(f"{folder.path}: none of its {len(ids)} requests has a label")
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


def _label(path: Path, number: int, row: Mapping[str, str | None]) -> Label:
    fault = (row.get("fault") or "").strip()
    layer = (row.get("layer") or "").strip()
    if layer and layer not in LAYERS:
        raise BadLabels(
            f"{path}:{number}: layer is {layer!r}; it can be {', '.join(LAYERS)}, or left empty"
        )
    flags = {name: _flag(path, number, name, row.get(name)) for name in _FLAGS}
    wrong = bool(flags["wrong"])
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
