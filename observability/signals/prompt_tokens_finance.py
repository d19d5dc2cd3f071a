"""Tokens that the model calls read to choose and read tools."""

from __future__ import annotations

from observability.signals.reading import prompt_tokens_of
from observability.signals.signal import Signal
from observability.trace_view.layers import TOOLS

SIGNAL = Signal(
    name="prompt_tokens_finance",
    layer=TOOLS,
    unit="tokens",
    describes="Tokens that the model calls read to choose and read tools.",
    healthy="5,139 to 11,735, median 5,352. One round of tools, or two.",
    of=prompt_tokens_of("finance"),
)
