"""Tokens that the model calls read to check the answer."""

from __future__ import annotations

from observability.signals.reading import prompt_tokens_of
from observability.signals.signal import Signal
from observability.trace_view.layers import CONTEXT

SIGNAL = Signal(
    name="prompt_tokens_validation",
    layer=CONTEXT,
    unit="tokens",
    describes="Tokens that the model calls read to check the answer.",
    healthy="378 to 1,347, median 903. Follows the evidence.",
    of=prompt_tokens_of("validation"),
)
