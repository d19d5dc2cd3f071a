"""Share of the cited sources that validation was handed as evidence."""

from __future__ import annotations

from observability.signals.reading import texts
from observability.signals.signal import Signal
from observability.signals.trace import Trace
from observability.telemetry import semconv
from observability.trace_view.layers import ROUTING


def _of(trace: Trace) -> float | None:
    cited = texts(trace, semconv.CITATION_SOURCES)
    evidence = texts(trace, semconv.HANDOFF_EVIDENCE)
    if not cited or evidence is None:
        return None
    return sum(source in evidence for source in cited) / len(cited)


SIGNAL = Signal(
    name="checked_citation_share",
    layer=ROUTING,
    unit="1",
    describes="Share of the cited sources that validation was handed as evidence.",
    healthy="1. Less means that validation checks against something else than the answer rests on.",
    of=_of,
)
