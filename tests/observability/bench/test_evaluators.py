from __future__ import annotations

from observability.bench.evaluators import EVALUATORS
from observability.signals.signal import load_signals


def test_every_evaluator_is_a_signal_that_is_a_number() -> None:
    signals = load_signals()
    assert all(signals[name].kind == "number" for name in EVALUATORS)
