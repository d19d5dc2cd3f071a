"""What a signal is, and the walk that finds the signal files."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final, Literal

from observability.signals.errors import SignalError
from observability.signals.trace import Trace
from observability.trace_view.layers import CONTEXT, DATA, MEMORY, MODEL, RETRIEVAL, ROUTING, TOOLS

ANSWER: Final = "answer"
INFRASTRUCTURE: Final = "infrastructure"
LAYERS: Final = (DATA, RETRIEVAL, CONTEXT, MODEL, ROUTING, TOOLS, MEMORY)
"""The layers in which a failure can have its cause, in causal order."""

SIGNAL_LAYERS: Final = (*LAYERS, ANSWER, INFRASTRUCTURE)
"""What a signal can be about: a layer, what came out of all of them, or what they run on."""

Value = float | str | None


@dataclass(frozen=True, slots=True)
class Signal:
    """One named number (or label) of a request; ``name`` is the stem of its file.

    ``unit`` is "1" for ratios and counts, else e.g. "s", "tokens", "USD".
    ``healthy`` says in words what a well application shows. ``cost`` is what it
    takes to have it: nothing beyond spans that every application has (``free``),
    a check that runs on each answer (``check``), or another model call (``model``).
    ``of`` returns None where a request has no such thing, and never raises for
    a trace that lacks spans or has values of other types.
    """

    name: str
    layer: str
    unit: str
    describes: str
    healthy: str
    of: Callable[[Trace], Value]
    cost: Literal["free", "check", "model"] = "free"
    kind: Literal["number", "label"] = "number"


_NOT_SIGNALS = frozenset(
    {
        "errors",
        "keeping",
        "mapping",
        "mappings",
        "reading",
        "signal",
        "sources",
        "summary",
        "table",
        "trace",
    }
)


@cache
def load_signals() -> Mapping[str, Signal]:
    """Return the signals of this package by name, in the order of their files.

    Raises ``SignalError`` when a file calls its signal otherwise than itself or
    names a layer that does not exist.
    """
    found: dict[str, Signal] = {}
    here = Path(__file__).parent
    for module in sorted(pkgutil.iter_modules([str(here)]), key=lambda each: each.name):
        if module.name in _NOT_SIGNALS:
            continue
        loaded = importlib.import_module(f"observability.signals.{module.name}")
        signal = getattr(loaded, "SIGNAL", None)
        if not isinstance(signal, Signal) or signal.name != module.name:
            raise SignalError(
                f"observability/signals/{module.name}.py has no SIGNAL of its name; "
                "end it with SIGNAL = Signal(name=..., ...)"
            )
        if signal.layer not in SIGNAL_LAYERS:
            raise SignalError(
                f"observability/signals/{module.name}.py names the layer {signal.layer!r}; "
                f"it can be {', '.join(SIGNAL_LAYERS)}"
            )
        found[signal.name] = signal
    return found
