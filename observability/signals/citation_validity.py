"""Share of the citations that lead to a document which bears them out."""

from __future__ import annotations

from observability.signals.reading import check_of
from observability.signals.signal import ANSWER, Signal

SIGNAL = Signal(
    name="citation_validity",
    layer=ANSWER,
    unit="1",
    describes="Share of the citations that lead to a shown document which bears them out.",
    healthy="1. Less means that the cited document does not state what the answer says.",
    of=check_of("citation_validity"),
    cost="check",
)
