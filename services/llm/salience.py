"""Salience: the logit that a segment's features give it, learned on worlds of other seeds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from typing import Any

import numpy as np
import numpy.typing as npt

from services.llm import features

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Salience:
    """A linear term and one hidden layer over standardised features, and *nothing here*'s logit.

    With F features and H hidden units: ``mean``, ``spread`` and ``linear`` are
    (F,), ``hidden`` is (F, H), ``bias`` and ``out`` are (H,).
    """

    mean: Array
    spread: Array
    linear: Array
    hidden: Array
    bias: Array
    out: Array
    nothing: float

    def of(self, rows: npt.NDArray[np.float32]) -> Array:
        """Return the logits of segments from their features, shape (segments,)."""
        standard = (rows - self.mean) / self.spread
        deep = np.tanh(standard @ self.hidden + self.bias) @ self.out
        return np.asarray(standard @ self.linear + deep, dtype=np.float64)

    def to_json(self) -> str:
        """Return it as JSON, with the features by name."""
        raw: dict[str, Any] = {
            "features": list(features.NAMES),
            "mean": self.mean.tolist(),
            "spread": self.spread.tolist(),
            "linear": self.linear.tolist(),
            "hidden": self.hidden.tolist(),
            "bias": self.bias.tolist(),
            "out": self.out.tolist(),
            "nothing": self.nothing,
        }
        lines = ",\n".join(f'"{key}": {json.dumps(value)}' for key, value in raw.items())
        return f"{{\n{lines}\n}}\n"

    @classmethod
    def from_json(cls, text: str) -> Salience:
        """Read what ``to_json`` wrote; raises ``ValueError`` if it is of other features."""
        raw = json.loads(text)
        if tuple(raw.pop("features")) != features.NAMES:
            raise ValueError("the reader's weights are of other features: fit them again")
        nothing = float(raw.pop("nothing"))
        arrays = {key: np.array(value, dtype=np.float64) for key, value in raw.items()}
        return cls(**arrays, nothing=nothing)


@lru_cache(maxsize=1)
def learned() -> Salience:
    """Return what ships with the package."""
    text = files("services.llm").joinpath("salience.json").read_text("utf-8")
    return Salience.from_json(text)
