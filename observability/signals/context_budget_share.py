"""Share of the context's budget of tokens that is used."""

from __future__ import annotations

from observability.signals.reading import share_of
from observability.signals.signal import Signal
from observability.telemetry import semconv
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="context_budget_share",
    layer=CONTEXT,
    unit="1",
    describes="Share of the context's budget of tokens that is used.",
    healthy="0.17 to 0.431, median 0.309. Near 1, something is about to be cut off.",
    of=share_of(semconv.CONTEXT_TOKENS, semconv.CONTEXT_BUDGET),
)
