"""Examples in batches, as tensors."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from services.lab.reader.examples import Example
from services.llm.features import NOT_MEANT

if TYPE_CHECKING:
    import torch

Floats = npt.NDArray[np.float64] | npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Batch:
    """Some examples. Their segments stand one after another; ``owner`` tells whose each is.

    ``questions``, ``subjects`` and ``above`` are vectors of the encoder, ``rows``
    standardised features. ``labels`` is the same for questions that ask for the
    same, and -1 where that is unknown.
    """

    questions: torch.Tensor
    subjects: torch.Tensor
    above: torch.Tensor
    rows: torch.Tensor
    owner: torch.Tensor
    right: torch.Tensor
    nothing: torch.Tensor
    importance: torch.Tensor
    labels: torch.Tensor


def batches(
    examples: Sequence[Example],
    importance: npt.NDArray[np.float32],
    mean: Floats,
    spread: Floats,
    size: int,
    epochs: int,
    seed: int,
) -> Iterator[Batch]:
    """Yield all examples in batches, as often as there are epochs, each time in another order."""
    import torch  # noqa: PLC0415 - seconds of import, needed to learn alone

    chance = np.random.default_rng(seed)
    labels = labels_of(examples)
    for _ in range(epochs):
        order = chance.permutation(len(examples))
        for begin in range(0, len(order), size):
            picked = order[begin : begin + size]
            some = [examples[i] for i in picked]
            sizes = [len(example.rows) for example in some]
            rows = np.concatenate([example.rows[:, :NOT_MEANT] for example in some])
            yield Batch(
                questions=_tensor(np.stack([example.meaning for example in some])),
                subjects=_tensor(np.concatenate([example.subjects for example in some])),
                above=_tensor(np.concatenate([example.above for example in some])),
                rows=_tensor((rows - mean) / spread),
                owner=torch.tensor(np.repeat(np.arange(len(some)), sizes)),
                right=torch.tensor(np.concatenate([example.right for example in some])),
                nothing=torch.tensor([float(example.nothing) for example in some]),
                importance=torch.tensor(importance[picked]),
                labels=torch.tensor(labels[picked]),
            )


def labels_of(examples: Sequence[Example]) -> npt.NDArray[np.int64]:
    """Return equal numbers for questions that ask for the same, -1 where there is no answer.

    Questions of a family ask for the same of different records; others do if the
    same segment answers them.
    """
    known: dict[str, int] = {}
    labels = []
    for example in examples:
        if example.nothing or not example.right.any():
            labels.append(-1)
            continue
        answers = min(t for t, right in zip(example.texts, example.right, strict=True) if right)
        label = example.asks or answers
        labels.append(known.setdefault(label, len(known)))
    return np.array(labels, dtype=np.int64)


def _tensor(array: npt.NDArray[np.generic]) -> torch.Tensor:
    import torch  # noqa: PLC0415

    return torch.tensor(array.astype(np.float32))
