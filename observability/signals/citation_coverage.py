"""Share of the answer's claims that cite a shown document."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import ANSWER, Signal

SIGNAL = Signal(
    name="citation_coverage",
    layer=ANSWER,
    unit="1",
    describes="Share of the answer's claims that cite a shown document.",
    healthy="1 for 98 of 100 answers.",
    of=check_of("citation_coverage"),
    cost="check",
)
