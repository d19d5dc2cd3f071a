"""Makes episodes of recordings that were not made by a bench: runs with a seal, and labelled ones.

Of a run that still has its sealed part every arm is an episode. What comes from
elsewhere has no truth; its owner says from which moment on something was wrong,
or what was wrong with which trace.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pyarrow as pa

from faults.errors import UnknownFault
from faults.registry import catalogue
from observability.bench.episode import Episode, Kind
from observability.recording.run_folder import RunFolder
from observability.signals.signal import LAYERS
from services.lab.bench.blindness import blind_signals
from services.lab.bench.campaign import held_out
from services.lab.bench.label_file import BadLabels
from services.lab.bench.labels import SOMETHING, Label, label_of, truth_of


def labels_from(folder: RunFolder, requests: pa.Table, onset_ns: int) -> dict[str, Label]:
    """Return labels that say that something was wrong from a moment on."""
    starts = zip(requests["trace_id"].to_pylist(), requests["start_ns"].to_pylist(), strict=True)
    bad = Label(fault=SOMETHING, applied=True, impacted=True)
    found = {trace_id: bad if start >= onset_ns else Label() for trace_id, start in starts}
    if all(label.fault for label in found.values()) or not any(x.fault for x in found.values()):
        raise BadLabels(f"{folder.path}: the onset does not lie within the recording")
    return found


def episodes_of_run(
    folder: RunFolder,
    requests: pa.Table,
    labels: Mapping[str, Label] | None = None,
    onset_ns: int | None = None,
) -> Sequence[Episode]:
    """Return an episode for each arm of a run, or the one of a labelled recording.

    ``requests`` are the run's signals, as ``signals_of`` returns them.
    Raises ``TruthMissingError`` for a run without its seal of which nothing is
    said, and ``BadLabels`` for labels of no request of it.
    """
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
