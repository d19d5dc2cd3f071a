"""The models that say they answered, sorted."""

from __future__ import annotations

from observability.signals.signal import Signal
from observability.signals.trace import Trace, text
from observability.telemetry import semconv
from observability.trace_view.layers import MODEL


def _of(trace: Trace) -> str | None:
    models = {
        text([span], semconv.GEN_AI_RESPONSE_MODEL) for span in trace.operation(semconv.OP_CHAT)
    }
    return ", ".join(sorted(model for model in models if model)) or None


SIGNAL = Signal(
    name="response_model",
    layer=MODEL,
    unit="1",
    describes="The models that say they answered, sorted.",
    healthy=(
        "One and the same; a second name means that another model, or another version, answers."
    ),
    of=_of,
    kind="label",
)
