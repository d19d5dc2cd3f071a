"""How well rules and signals tell single requests apart."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from observability.bench.curves import Order, Scored, auroc, average_precision, precision_recall
from observability.bench.episode import Episode
from observability.bench.watching import Watched, healthy_stretches
from observability.statistics import Estimate, rate

Question = Literal["impacted", "applied", "answer wrong"]
QUESTIONS: Final[tuple[Question, ...]] = ("impacted", "applied", "answer wrong")
"""What a rule can be asked to know of a request: whether a fault changed the answer,
whether one was in place and in use, whether the answer is wrong, fault or not."""

_RESAMPLES: Final = 1000


@dataclass(frozen=True, slots=True)
class RequestScore:
    """How well something tells requests apart, asked one question.

    ``base_rate`` is the share of requests of which the answer is yes: the
    precision, and the area under the precision-recall curve, of whoever guesses.
    ``flagged_healthy`` is the share flagged in healthy traffic, each of its
    requests counted once. ``told`` is the share of requests that have a score:
    the areas are about those alone. Precision is ``nan`` where nothing was
    flagged, recall and the areas where the answer is yes for no request.
    Episodes that share the traffic before their onset each count it, as the
    base rate says.
    """

    name: str
    question: Question
    requests: int
    base_rate: float
    precision: Estimate
    recall: Estimate
    f1: Estimate
    auc_pr: Estimate
    auroc: Estimate
    flagged_healthy: Estimate
    told: float


def truth_of(episode: Episode, question: Question) -> npt.NDArray[np.bool_]:
    """Return the answers to a question for all requests of an episode."""
    if question == "answer wrong":
        return ~episode.truth.correct
    return episode.truth.impacted if question == "impacted" else episode.truth.applied


@dataclass(frozen=True, slots=True)
class Judged:
    """How well a rule tells requests apart, for each question.

    ``curve`` is (recall, precision) by falling score where truth is a changed answer.
    """

    scores: tuple[RequestScore, ...]
    curve: tuple[tuple[float, float], ...]


def judged(name: str, watched: Sequence[Watched], seed: int = 0) -> Judged:
    """Return how well a rule tells requests apart, healthy ones and those under a fault."""
    known = [each for each in watched if name in each.tracks]
    order = _order([np.asarray(each.tracks[name].score, dtype=np.float64) for each in known])
    flagged_healthy = _flagged_healthy(name, known)
    found: list[RequestScore] = []
    curve: tuple[tuple[float, float], ...] = ()
    for question in QUESTIONS:
        truths = [truth_of(each.episode, question) for each in known]
        scored = Scored(order, _joined(truths), seed)
        found.append(_score(name, question, known, truths, scored, flagged_healthy, seed))
        if question == "impacted":
            curve = precision_recall(scored)
    return Judged(tuple(found), curve)


def _score(
    name: str,
    question: Question,
    known: Sequence[Watched],
    truths: Sequence[npt.NDArray[np.bool_]],
    scored: Scored,
    flagged_healthy: Estimate,
    seed: int,
) -> RequestScore:
    table = np.array(
        [
            _confusion(each.tracks[name].flagged, truth)
            for each, truth in zip(known, truths, strict=True)
        ],
        dtype=np.float64,
    ).reshape(-1, 4)
    hits, false, missed, _ = (int(count) for count in table.sum(axis=0))
    requests = len(scored.order.told)
    return RequestScore(
        name=name,
        question=question,
        requests=requests,
        base_rate=(hits + missed) / requests if requests else math.nan,
        precision=rate(hits, hits + false),
        recall=rate(hits, hits + missed),
        f1=_f1(table, seed),
        auc_pr=average_precision(scored),
        auroc=auroc(scored),
        flagged_healthy=flagged_healthy,
        told=len(scored) / requests if requests else math.nan,
    )


def _flagged_healthy(name: str, known: Sequence[Watched]) -> Estimate:
    healthy = [
        each.watched.tracks[name].flagged[each.start : each.end]
        for each in healthy_stretches(known)
    ]
    return rate(sum(int(each.sum()) for each in healthy), sum(len(each) for each in healthy))


@dataclass(frozen=True, slots=True)
class SignalScore:
    """How well a signal orders requests, asked one question; 0.5 is chance.

    ``higher_is_worse`` is what the signal's description says, not what the data
    say: a signal that points the wrong way has an AUROC below 0.5.
    """

    name: str
    question: Question
    higher_is_worse: bool
    requests: int
    base_rate: float
    auroc: Estimate
    told: float


def signal_score(
    name: str,
    higher_is_worse: bool,
    episodes: Sequence[Episode],
    questions: Sequence[Question] = QUESTIONS,
    seed: int = 0,
    values: Callable[[Episode, str], npt.NDArray[np.float64]] | None = None,
) -> tuple[SignalScore, ...]:
    """Return how well a signal orders the requests of some episodes, for each question.

    ``values`` gives the signal's numbers otherwise than as they are.
    """
    values = values or signal_values
    known = [each for each in episodes if name in each.signals.column_names]
    sign = 1.0 if higher_is_worse else -1.0
    order = _order([sign * values(each, name) for each in known])
    found = []
    for question in questions:
        truth = _joined([truth_of(each, question) for each in known])
        scored = Scored(order, truth, seed)
        requests = len(truth)
        found.append(
            SignalScore(
                name,
                question,
                higher_is_worse,
                requests,
                float(truth.mean()) if requests else math.nan,
                auroc(scored),
                len(scored) / requests if requests else math.nan,
            )
        )
    return tuple(found)


def signal_scores(
    signals: Mapping[str, bool], episodes: Sequence[Episode], seed: int = 0
) -> tuple[SignalScore, ...]:
    """Return the scores of signals, given whether higher is worse, for every question."""
    return tuple(
        score
        for name, worse in signals.items()
        for score in signal_score(name, worse, episodes, QUESTIONS, seed)
    )


def signal_values(episode: Episode, name: str) -> npt.NDArray[np.float64]:
    """Return a signal's numbers, ``nan`` where a request has no such thing."""
    column = pc.cast(episode.signals.column(name), pa.float64())
    return np.asarray(column.to_numpy(zero_copy_only=False), dtype=np.float64)


def within_routes(episode: Episode, name: str) -> npt.NDArray[np.float64]:
    """Return a signal as its place among healthy values of the same route, 0 to 1.

    A fault is met by the requests that use its part, and those take other
    routes than the rest: without this, a route would be taken for the fault.
    ``nan`` where no healthy request of the episode took that route.
    """
    raw = signal_values(episode, name)
    if "route" not in episode.signals.column_names:
        return raw
    routes = np.asarray(episode.signals.column("route").to_pylist(), dtype=object)
    found = np.full(len(raw), np.nan)
    for route in set(routes.tolist()):
        of_route = (routes == route) & np.isfinite(raw)
        usual = np.sort(raw[: episode.healthy][of_route[: episode.healthy]])
        if len(usual):
            sides = (usual.searchsorted(raw[of_route], side) for side in ("left", "right"))
            found[of_route] = sum(sides) / (2 * len(usual))
    return found


def _order(scores: Sequence[npt.NDArray[np.float64]]) -> Order:
    groups = np.repeat(np.arange(len(scores)), [len(each) for each in scores])
    return Order(np.concatenate([np.zeros(0), *scores]), groups.astype(np.intp))


def _joined(truths: Sequence[npt.NDArray[np.bool_]]) -> npt.NDArray[np.bool_]:
    return np.concatenate([np.zeros(0, dtype=np.bool_), *truths])


def _confusion(
    flags: npt.NDArray[np.bool_], truth: npt.NDArray[np.bool_]
) -> tuple[int, int, int, int]:
    hits = int((flags & truth).sum())
    return (
        hits,
        int(flags.sum()) - hits,
        int(truth.sum()) - hits,
        int((~flags & ~truth).sum()),
    )


def _f1(table: npt.NDArray[np.float64], seed: int) -> Estimate:
    """Return F1 over all episodes; undefined if nothing is bad and nothing flagged."""
    requests = int(table.sum())
    hits, false, missed, _ = table.sum(axis=0)
    if not hits + false + missed:
        return Estimate(math.nan, math.nan, math.nan, requests)
    value = float(2 * hits / (2 * hits + false + missed))
    if len(table) == 1:
        return Estimate(value, math.nan, math.nan, requests)
    rng = np.random.default_rng(seed)
    times = rng.multinomial(len(table), np.full(len(table), 1 / len(table)), size=_RESAMPLES)
    drawn = times.astype(np.float64) @ table
    below = 2 * drawn[:, 0] + drawn[:, 1] + drawn[:, 2]
    defined = below > 0
    low, high = np.quantile(2 * drawn[defined, 0] / below[defined], (0.025, 0.975))
    return Estimate(value, float(low), float(high), requests)
