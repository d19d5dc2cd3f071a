"""Learn what a reader makes of the features: a softmax over segments and *nothing here*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize

from services.lab.reader.examples import Example
from services.llm import features
from services.llm.attention import Weights

Parameters = npt.NDArray[np.float64]
RIDGE = 0.002


def fit(examples: Sequence[Example], ridge: float = RIDGE) -> Weights:
    """Return the weights of greatest penalised likelihood, every family counting the same.

    The likelihood of an example is the share of attention that falls on right
    segments, or on *nothing here* where that is right. Families are weighted
    by the square root of their size, so that large ones do not drown small
    ones.
    """
    sizes: dict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.family] += 1
    shares = np.array([sizes[e.family] ** -0.5 for e in examples])
    shares /= shares.sum()

    def loss(parameters: Parameters) -> tuple[float, Parameters]:
        total = ridge * float(parameters[:-1] @ parameters[:-1])
        gradient = np.append(2 * ridge * parameters[:-1], 0.0)
        for share, example in zip(shares, examples, strict=True):
            lost, slope = _loss(parameters, example)
            total += share * lost
            gradient += share * slope
        return total, gradient

    start = np.zeros(features.COUNT + 1)
    best = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 250})
    return Weights(best.x[:-1], float(best.x[-1]))


def _loss(parameters: Parameters, example: Example) -> tuple[float, Parameters]:
    rows = example.rows.astype(np.float64)
    logits = np.append(rows @ parameters[:-1], parameters[-1])
    shares = np.exp(logits - logits.max())
    shares /= shares.sum()
    wanted = np.append(example.right, example.nothing)
    mass = max(float(shares[wanted].sum()), 1e-12)
    slope = shares - np.where(wanted, shares, 0.0) / mass
    return -float(np.log(mass)), np.append(rows.T @ slope[:-1], slope[-1])


def hits(weights: Weights, examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Return for each example whether the most salient option is a right one."""
    found = []
    for example in examples:
        logits = np.append(weights.salience(example.rows), weights.nothing)
        found.append(bool(np.append(example.right, example.nothing)[int(logits.argmax())]))
    return np.array(found, dtype=np.bool_)
