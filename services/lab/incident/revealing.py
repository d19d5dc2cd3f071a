"""Chooses the request that tells an incident best."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.run_folder import RunFolder
from observability.trace_view.alignment import Divergence, first_divergence
from services.lab.incident.scoring import impacted


@dataclass(frozen=True, slots=True)
class TwinPair:
    """One request of the incident with its healthy twin, and where the two part."""

    truth: TruthRecord
    healthy: Sequence[SpanRecord]
    spans: Sequence[SpanRecord]
    divergence: Divergence | None


def telling_pair(folder: RunFolder) -> TwinPair | None:
    """Return the first right answer that became a wrong one, or any that changed.

    A wrong answer that is given comes before one that is not. None when the
    fault changed no answer.
    """
    hit = [record for record in impacted(folder) if record.twin is not None]
    if not hit:
        return None
    best = min(hit, key=lambda r: (r.correct or not r.twin_correct, r.abstained, r.number))
    wanted = {best.trace_id, best.twin}
    found: dict[str, list[SpanRecord]] = {}
    for spans in (folder.spans(), folder.twins()):
        for span in spans:
            if span.trace_id in wanted:
                found.setdefault(span.trace_id, []).append(span)
    healthy, spans_of = _of(found, best.twin), _of(found, best.trace_id)
    divergence = first_divergence(healthy, spans_of) if healthy and spans_of else None
    return TwinPair(best, healthy, spans_of, divergence)


def _of(found: Mapping[str, list[SpanRecord]], trace_id: str | None) -> list[SpanRecord]:
    return [] if trace_id is None else found.get(trace_id, [])
