"""An episode: healthy traffic, then traffic with one fault in place, with what is true of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa

Kind = Literal["silent", "loud", "control", "healthy"]


@dataclass(frozen=True, slots=True)
class Truth:
    """What is true of the requests of an episode; arrays have one value for each.

    ``applied``: the faulty part was in place and in use. ``impacted``: the
    answer is another one than the healthy twin's. ``wrong``: a right answer of
    the twin became a wrong one. ``correct``: the answer given is right.
    ``layers`` and ``spans`` are the layer and the span's name at which a
    request first differs from its twin, empty where it does not.
    """

    applied: npt.NDArray[np.bool_]
    impacted: npt.NDArray[np.bool_]
    wrong: npt.NDArray[np.bool_]
    correct: npt.NDArray[np.bool_]
    layers: tuple[str, ...]
    spans: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Episode:
    """One episode; ``onset`` is the place of the first request that the fault was in place for.

    An episode of ``kind`` healthy has its onset at its end. ``layer`` is the
    fault's layer, ``blind`` the rules and signals that are declared not to see it,
    ``claim`` the measure that it says it makes worse while all else looks well.
    ``held_out`` says that nobody looked at this fault while rules were written.
    """

    id: str
    fault: str
    severity: float
    kind: Kind
    layer: str
    held_out: bool
    seed: int
    onset: int
    signals: pa.Table
    truth: Truth
    blind: tuple[str, ...] = ()
    claim: str = "accuracy"

    @property
    def requests(self) -> int:
        """How many requests the episode has."""
        return int(self.signals.num_rows)

    @property
    def healthy(self) -> int:
        """How many requests it has, from its first on, that no fault was in place for."""
        return self.requests if self.kind == "healthy" else min(self.onset, self.requests)
