"""Learn what a reader makes of a text: maps of meaning, and a softmax over segments and *nothing*.

A member learns its maps and its weights together, by gradient descent (Adam) on
the share of attention that falls on right segments, or on *nothing here* where
that is right. Several members, which start from other chance, are folded into
one reader: the mean of their logits.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from services.lab.reader.batches import Batch, batches
from services.lab.reader.examples import Example
from services.llm.features import COUNT, MEANT, NOT_MEANT
from services.llm.meaning import MEMBERS, Meaning
from services.llm.salience import Salience

if TYPE_CHECKING:
    import torch

HIDDEN = 32
RANK = 48
EPOCHS = 13
SIZE = 256
"""Examples of a step."""
RIDGE = 1e-3
"""Penalty on the squares of the weights."""
STAY = 1e-5
"""Penalty on the squares of how far the maps go from where they started."""
DROPPED = 0.3
"""Share of a vector's dimensions left out at each step, against learning by heart."""
BLIND = 0.15
"""Share of the questions of a step whose meaning is left out: the words alone must do."""
ALIKE = 0.3
"""Weight of the second aim: questions that ask for the same lie near to one another."""
UNANSWERED = 0.85
"""Weight of prompts without an answer: they are commoner in practice than in life."""
READY = 0.75
"""Logits taken from *nothing here* after learning, for the same reason: chosen so that questions
about documents of another kind are answered, at no cost in the company's own question set."""
_OWN = len(MEANT) // MEMBERS
"""Columns that a member's maps give, in the order of ``MEANT``."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Learned:
    """What a reader has learned."""

    meaning: Meaning
    salience: Salience


@dataclass(frozen=True, slots=True)
class Member:
    """One of several readers: three maps (dimension, rank), and weights over its own columns."""

    maps: tuple[torch.Tensor, ...]
    linear: torch.Tensor
    hidden: torch.Tensor
    bias: torch.Tensor
    out: torch.Tensor
    nothing: torch.Tensor


def fit(
    examples: Sequence[Example],
    seed: int = 0,
    epochs: int = EPOCHS,
    progress: Progress | None = None,
) -> Learned:
    """Return what ``MEMBERS`` members have learned from the examples, folded into one."""
    every = np.concatenate([e.rows[:, :NOT_MEANT] for e in examples])
    mean = np.round(every.mean(axis=0).astype(np.float64), 4)
    spread = np.round(every.std(axis=0).astype(np.float64) + 1e-3, 4)
    members = []
    for number in range(MEMBERS):

        def report(done: int, of: int, number: int = number) -> None:
            if progress is not None:
                progress(number * of + done, MEMBERS * of)

        members.append(_member(examples, mean, spread, seed * MEMBERS + number, epochs, report))
    return _folded(members, mean, spread)


def _member(
    examples: Sequence[Example],
    mean: npt.NDArray[np.float64],
    spread: npt.NDArray[np.float64],
    seed: int,
    epochs: int,
    report: Progress,
) -> Member:
    import torch  # noqa: PLC0415 - seconds of import, needed to learn alone

    torch.manual_seed(seed)
    member = _start(len(examples[0].meaning))
    started = [part.detach().clone() for part in member.maps]
    weights = [member.linear, member.hidden, member.bias, member.out, member.nothing]
    for part in (*member.maps, *weights):
        part.requires_grad_()
    optimiser = torch.optim.Adam(
        [{"params": weights, "lr": 0.02}, {"params": member.maps, "lr": 0.004}]
    )
    steps = epochs * -(-len(examples) // SIZE)
    schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, steps)
    of_all = batches(examples, importance(examples), mean, spread, SIZE, epochs, seed)
    for step, batch in enumerate(of_all, start=1):
        optimiser.zero_grad()
        loss = _loss(member, batch)
        loss = loss + RIDGE * sum(
            (part**2).sum() for part in (member.linear, member.hidden, member.out)
        )
        loss = loss + STAY * sum(
            ((part - at) ** 2).sum() for part, at in zip(member.maps, started, strict=True)
        )
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        report(step, steps)
    return member


def _start(dimension: int) -> Member:
    import torch  # noqa: PLC0415

    columns = NOT_MEANT + _OWN
    # The same chance for all three maps: their products begin as the plain cosine, about.
    chance = 1.5 * torch.randn(dimension, RANK) / dimension**0.5
    linear = torch.zeros(columns)
    linear[NOT_MEANT:] = 0.5
    return Member(
        maps=(chance.clone(), chance.clone(), chance.clone()),
        linear=linear,
        hidden=0.1 * torch.randn(columns, HIDDEN),
        bias=torch.zeros(HIDDEN),
        out=0.1 * torch.randn(HIDDEN),
        nothing=torch.zeros(1),
    )


def _loss(member: Member, batch: Batch) -> torch.Tensor:
    import torch  # noqa: PLC0415

    ask, own, above = member.maps

    def some(vectors: torch.Tensor) -> torch.Tensor:
        return torch.nn.functional.dropout(vectors, DROPPED)

    asked = some(batch.questions) @ ask
    alone = (asked[batch.owner] * (some(batch.subjects) @ own)).sum(dim=1)
    near = alone + (asked[batch.owner] * (some(batch.above) @ above)).sum(dim=1)
    count = len(asked)
    best = torch.full((count,), -1e9).scatter_reduce(0, batch.owner, near, "amax")
    meant = torch.stack([alone, near, near - best[batch.owner]], dim=1)
    meant = meant * (torch.rand(count) >= BLIND)[batch.owner, None]
    rows = torch.cat([batch.rows, meant], dim=1)
    logits = rows @ member.linear + torch.tanh(rows @ member.hidden + member.bias) @ member.out
    weight = torch.exp(logits.clamp(-30, 30))
    silent = torch.exp(member.nothing)
    total = torch.zeros(count).index_add(0, batch.owner, weight) + silent
    good = torch.zeros(count).index_add(0, batch.owner, weight * batch.right)
    good = good + silent * batch.nothing
    found = -(batch.importance * torch.log(good / total + 1e-9)).mean()
    return found + ALIKE * _apart(asked, batch.labels)


def _apart(asked: torch.Tensor, labels: torch.Tensor) -> torch.Tensor:
    """Return how far questions of one label lie apart, against those of other labels."""
    import torch  # noqa: PLC0415

    known = labels >= 0
    labels = labels[known]
    directions = torch.nn.functional.normalize(asked[known], dim=1)
    itself = torch.eye(len(labels), dtype=torch.bool)
    cosines = (directions @ directions.T / 0.1).masked_fill(itself, -1e4)
    same = (labels[:, None] == labels[None, :]) & ~itself
    paired = same.any(dim=1)
    if not paired.any():
        return torch.zeros(())
    shares = cosines - torch.logsumexp(cosines, dim=1, keepdim=True)
    return -torch.logsumexp(shares.masked_fill(~same, -1e4), dim=1)[paired].mean()


def _folded(
    members: Sequence[Member], mean: npt.NDArray[np.float64], spread: npt.NDArray[np.float64]
) -> Learned:
    def plain(tensor: torch.Tensor) -> npt.NDArray[np.float64]:
        return np.asarray(tensor.detach().numpy(), dtype=np.float64)

    size = len(members)
    linear = np.zeros(COUNT)
    hidden = np.zeros((COUNT, HIDDEN * size))
    for number, member in enumerate(members):
        columns = [*range(NOT_MEANT), *(NOT_MEANT + _OWN * number + i for i in range(_OWN))]
        linear[columns] += plain(member.linear) / size
        hidden[columns, HIDDEN * number : HIDDEN * (number + 1)] = plain(member.hidden)
    still = len(linear) - NOT_MEANT
    maps = [
        np.stack([plain(member.maps[i]) for member in members]).astype(np.float16) for i in range(3)
    ]
    return Learned(
        Meaning(*(part.astype(np.float32) for part in maps)),
        Salience(
            mean=np.concatenate([mean, np.zeros(still)]),
            spread=np.concatenate([spread, np.ones(still)]),
            linear=np.round(linear, 4),
            hidden=np.round(hidden, 4),
            bias=np.round(np.concatenate([plain(m.bias) for m in members]), 4),
            out=np.round(np.concatenate([plain(m.out) / size for m in members]), 4),
            nothing=round(float(np.mean([plain(m.nothing)[0] for m in members])) - READY, 4),
        ),
    )


def importance(examples: Sequence[Example]) -> npt.NDArray[np.float32]:
    """Return the weight of each example, 1 on average.

    A family weighs as the square root of its size, so that large ones do not
    drown small ones.
    """
    sizes: dict[str, int] = defaultdict(int)
    for example in examples:
        sizes[example.family] += 1
    weights = np.array(
        [sizes[e.family] ** -0.5 * (1.0 if e.right.any() else UNANSWERED) for e in examples],
        dtype=np.float32,
    )
    weights /= weights.mean()
    return weights


def hits(learned: Learned, examples: Sequence[Example]) -> npt.NDArray[np.bool_]:
    """Return for each example whether the most salient option is a right one."""
    found = []
    for example in examples:
        logits = np.append(learned.salience.of(rows_of(learned, example)), learned.salience.nothing)
        found.append(bool(np.append(example.right, example.nothing)[int(logits.argmax())]))
    return np.array(found, dtype=np.bool_)


def rows_of(learned: Learned, example: Example) -> npt.NDArray[np.float32]:
    """Return an example's features with those that the learned maps give."""
    near = learned.meaning.of(
        *(v.astype(np.float32) for v in (example.meaning, example.subjects, example.above))
    )
    rows = example.rows.copy()
    for number in range(MEMBERS):
        own, whole = near[:, 2 * number], near[:, 2 * number + 1]
        at = NOT_MEANT + _OWN * number
        behind = whole - whole.max(initial=-np.inf)
        rows[:, at : at + _OWN] = np.stack([own, whole, behind], axis=1)
    return rows
