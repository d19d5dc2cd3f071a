"""Puts episodes together: what was seen from signals, what is true from the sealed part."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from faults.fault import Kind
from faults.registry import catalogue
from observability.bench.episode import Episode
from observability.recording.records import TruthRecord
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import signals_of
from services.lab.bench.blindness import blind_signals
from services.lab.bench.campaign import held_out
from services.lab.bench.labels import label_of, truth_of
from services.lab.bench.recording import HEALTHY_FOLDER, Recording


@dataclass(frozen=True, slots=True)
class _Requests:
    """The requests of a recording with what is true of each, in order of start."""

    signals: pa.Table
    truth: Mapping[str, TruthRecord]


def episode_of(recording: Recording) -> Episode:
    """Return the episode of a recording, with the healthy traffic before its onset.

    A healthy recording is an episode of its own, all of it healthy. Raises
    what ``RunFolder.open`` raises, and ``TruthMissingError``.
    """
    if recording.fault is None:
        healthy = _requests(recording.path)
        signals = healthy.signals
        return _episode(recording, signals, signals.num_rows, healthy.truth)
    healthy = _requests(recording.path.parent / HEALTHY_FOLDER)
    faulty = _read(recording.path)
    first = min(record.number for record in faulty.truth.values())
    before = pa.array(
        [healthy.truth[i].number < first for i in healthy.signals["trace_id"].to_pylist()],
        pa.bool_(),
    )
    both = pa.concat_tables([healthy.signals.filter(before), faulty.signals])
    # People who began before the onset ask on after it, so the two halves lie within each other.
    signals = both.sort_by([("start_ns", "ascending"), ("trace_id", "ascending")])
    hit = pc.is_in(signals["trace_id"], value_set=pa.array(list(faulty.truth)))
    onset = int(np.argmax(hit.to_numpy(zero_copy_only=False)))
    return _episode(recording, signals, onset, {**healthy.truth, **faulty.truth})


def _episode(
    recording: Recording, signals: pa.Table, onset: int, truth: Mapping[str, TruthRecord]
) -> Episode:
    fault = recording.fault
    entry = None if fault is None else catalogue().get(fault)
    return Episode(
        id=recording.id,
        fault=fault or "no_fault",
        severity=recording.severity,
        kind="healthy" if entry is None else entry.kind.value,
        layer="none" if entry is None else entry.layer.value,
        held_out=fault in held_out(),
        seed=recording.stretch.seed,
        onset=onset,
        signals=signals,
        truth=truth_of([label_of(truth[i]) for i in signals["trace_id"].to_pylist()]),
        blind=() if entry is None or entry.kind is Kind.CONTROL else blind_signals(entry.blind),
        claim="accuracy" if entry is None else entry.claim.measure,
    )


@lru_cache(maxsize=4)  # the healthy recording of a seed belongs to all of its episodes
def _requests(path: Path) -> _Requests:
    return _read(path)


def _read(path: Path) -> _Requests:
    folder = RunFolder.open(path)
    return _Requests(signals_of(folder), {record.trace_id: record for record in folder.truth()})
