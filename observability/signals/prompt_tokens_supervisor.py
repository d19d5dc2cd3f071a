"""Tokens that the model calls read to plan the way."""

from __future__ import annotations

from observability.signals.reading import prompt_tokens_of
from observability.signals.signal import Signal
from observability.trace_view.layers import ROUTING

SIGNAL = Signal(
    name="prompt_tokens_supervisor",
    layer=ROUTING,
    unit="tokens",
    describes="Tokens that the model calls read to plan the way.",
    healthy="1,270 to 1,317, median 1,291. Nearly constant: the instructions, and the question.",
    of=prompt_tokens_of("supervisor"),
)
