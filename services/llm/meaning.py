"""Meaning: learned maps of what a question says and what a text says to where they can be compared.

Words that share no stem can mean the same ("stuck with them until" and "end of
the agreement"). The encoder's vectors hold that, but not weighed for finding
answers; low-rank maps, learned on worlds of other seeds and on practice
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
MEMBERS = 3
"""Maps that were learned apart from one another; their mean errs less than each."""


@dataclass(frozen=True, slots=True)
class Meaning:
    """Maps from the encoder's vectors, each (``MEMBERS``, dimension, rank).

    ``ask`` is for a question, ``own`` for what a segment itself says, ``above``
    for the headings that it stands under.
    """

    ask: Matrix
    own: Matrix
    above: Matrix

    def of(self, question: Matrix, subjects: Matrix, above: Matrix) -> Matrix:
        """Return how near segments lie to a question, shape (segments, 2 x ``MEMBERS``).

        ``question`` is (dimension,), the others (segments, dimension). A member
        gives two columns: of the segment alone, and with its headings. All are 0
        for an encoder of another dimension than the one that was learned with.
        """
        near = np.zeros((len(subjects), 2 * MEMBERS), dtype=np.float32)
        if question.shape[-1] == self.ask.shape[1]:
            asked = np.einsum("d,mdr->mr", question, self.ask)
            own = subjects @ np.einsum("mdr,mr->dm", self.own, asked)
            near[:, 0::2] = own
            near[:, 1::2] = own + above @ np.einsum("mdr,mr->dm", self.above, asked)
        return near

    def aims(self, question: Matrix) -> Matrix:
        """Return where the maps put a question, (``MEMBERS``, rank), each of unit length.

        Questions that ask for the same lie near to one another there. For another
        encoder it is the vector itself, (1, dimension).
        """
        fits = question.shape[-1] == self.ask.shape[1]
        mapped = np.einsum("d,mdr->mr", question, self.ask) if fits else question[None]
        aims: Matrix = mapped / np.maximum(np.linalg.norm(mapped, axis=-1, keepdims=True), 1e-6)
        return aims

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
            ask=stored["ask"].astype(np.float32),
            own=stored["own"].astype(np.float32),
            above=stored["above"].astype(np.float32),
        )
