"""Meaning: learned maps of what a question says and what a text says to where they can be compared.

Words that share no stem can mean the same ("stuck with them until" and "end of
the agreement"). The encoder's vectors hold that, but not weighed for finding
answers; two low-rank maps, learned on worlds of other seeds and on practice
documents, do the weighing, as the two towers of a trained retriever do.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

import numpy as np
import numpy.typing as npt

Matrix = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Meaning:
    """Maps from vectors of the encoder, (dimension, rank) each.

    ``ask`` is for a question, ``own`` for what a segment itself says, ``above``
    for the headings that it stands under.
    """

    ask: Matrix
    own: Matrix
    above: Matrix

    def fits(self, dimension: int) -> bool:
        """Tell whether it was learned for an encoder of this dimension."""
        return len(self.ask) == dimension

    def asked(self, question: Matrix) -> Matrix:
        """Return where a question's vector lies, shape (rank,)."""
        mapped: Matrix = question @ self.ask
        return mapped

    def likeness(self, a: Matrix, b: Matrix) -> float:
        """Return the cosine of two questions after the map: how far they ask for the same."""
        left, right = self.asked(a), self.asked(b)
        return float(left @ right / max(float(np.linalg.norm(left) * np.linalg.norm(right)), 1e-6))

    def save(self, path: Path) -> None:
        """Write it as a NumPy archive in half precision."""
        half = {name: getattr(self, name).astype(np.float16) for name in ("ask", "own", "above")}
        np.savez_compressed(path, **half)


@lru_cache(maxsize=1)
def learned() -> Meaning:
    """Return what ships with the package."""
    with (
        files("services.llm").joinpath("meaning.npz").open("rb") as file,
        np.load(file) as stored,
    ):
        return Meaning(
            *(stored[name].astype(np.float32) for name in ("ask", "own", "above")),
        )
