"""Learn what a reader makes of the features: a softmax over segments and *nothing here*."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from services.lab.reader.examples import Example
from services.llm import features
from services.llm.salience import Salience

HIDDEN = 28
RIDGE = 0.001
STEPS = 400
UNANSWERED = 0.85
"""Weight of prompts without an answer: they are commoner in practice than in life."""


def fit(examples: Sequence[Example], seed: int = 0, ridge: float = RIDGE) -> Salience:
    """Return the salience of greatest penalised likelihood, by gradient descent (Adam).

    The likelihood of an example is the share of attention that falls on right
    segments, or on *nothing here* where that is right. A family weighs as the
    square root of its size, so that large ones do not drown small ones.
    """
    import torch  # noqa: PLC0415 - seconds of import, needed to learn alone

    torch.manual_seed(seed)
    sizes: dict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.family] += 1
    shares = torch.tensor(
        [sizes[e.family] ** -0.5 * (1.0 if e.right.any() else UNANSWERED) for e in examples]
    )
    shares /= shares.sum()
    everything = np.concatenate([e.rows for e in examples])
    mean, spread = everything.mean(axis=0), everything.std(axis=0) + 1e-3
    rows = torch.tensor((everything - mean) / spread, dtype=torch.float32)
    owner = torch.tensor(np.repeat(np.arange(len(examples)), [len(e.rows) for e in examples]))
    right = torch.tensor(np.concatenate([e.right for e in examples]))
    nothing_right = torch.tensor([e.nothing for e in examples])

    linear = torch.zeros(features.COUNT, requires_grad=True)
    hidden = (0.1 * torch.randn(features.COUNT, HIDDEN)).requires_grad_()
    bias = torch.zeros(HIDDEN, requires_grad=True)
    out = (0.1 * torch.randn(HIDDEN)).requires_grad_()
    nothing = torch.zeros(1, requires_grad=True)
    parameters = [linear, hidden, bias, out, nothing]
    optimiser = torch.optim.Adam(parameters, lr=0.03)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, STEPS)
    for _ in range(STEPS):
        optimiser.zero_grad()
        logits = rows @ linear + torch.tanh(rows @ hidden + bias) @ out
        weight = torch.exp(logits.clamp(-30, 30))
        silent = torch.exp(nothing)
        total = torch.zeros(len(examples)).index_add(0, owner, weight) + silent
        good = torch.zeros(len(examples)).index_add(0, owner, weight * right)
        good = good + silent * nothing_right
        loss = -(shares * torch.log(good / total + 1e-9)).sum()
        loss = loss + ridge * sum((p**2).sum() for p in (linear, hidden, out))
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()

    def array(tensor: torch.Tensor) -> npt.NDArray[np.float64]:
        return np.asarray(np.round(tensor.detach().numpy(), 4), dtype=np.float64)

    return Salience(
        mean=np.round(mean.astype(np.float64), 4),
        spread=np.round(spread.astype(np.float64), 4),
        linear=array(linear),
        hidden=array(hidden),
        bias=array(bias),
        out=array(out),
        nothing=float(array(nothing)[0]),
    )


def hits(salience: Salience, examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Return for each example whether the most salient option is a right one."""
    found = []
    for example in examples:
        logits = np.append(salience.of(example.rows), salience.nothing)
        found.append(bool(np.append(example.right, example.nothing)[int(logits.argmax())]))
    return np.array(found, dtype=np.bool_)
