"""Tells two recordings apart by their spans, if that can be done.

Half of the sessions of both teach a classifier, and it is judged by the other
half. It is not cross-validated: folds that teach each other are not
independent, and where there is nothing to find their pooled AUC lies outside
of its interval more often than one time in twenty.
"""

from __future__ import annotations

import math
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, groupby
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy import sparse, stats
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.feature_selection import SelectKBest, VarianceThreshold, f_classif
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import MaxAbsScaler

from observability.recording.records import SpanRecord
from observability.recording.request_rows import CONVERSATION
from observability.recording.run_folder import RunFolder
from observability.statistics import CONFIDENCE, Estimate
from services.lab.errors import NothingToMeasure
from services.lab.leaks.features import Matrix, matrix
from services.lab.leaks.markers import Marker

_COLUMNS = 400
"""Features that a classifier gets: those that differ most in the half that teaches."""

_RESAMPLES = 2000
_SHOWN = 8
_FEW = 20

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Told:
    """How well two recordings can be told apart, 0.5 being not at all.

    ``auc`` has a 95 % interval by bootstrap over sessions; its ``n`` is the
    requests that it was judged by. ``clues`` are the features that differed
    most while learning, and say little where nothing was found.
    """

    auc: Estimate
    requests: tuple[int, int]
    clues: tuple[str, ...]

    @property
    def apart(self) -> bool:
        """Tell whether the interval lies above chance."""
        return self.auc.low > 0.5


def tell_apart(
    one: RunFolder, other: RunFolder, marker: Marker | None = None, seed: int = 0
) -> Told:
    """Return how well the requests of two recordings can be told apart by their spans alone.

    With ``marker`` the other one's traces are changed by it first, which a
    judge that is any good finds. Raises ``NothingToMeasure`` for recordings of
    fewer than 20 sessions, and ``DamagedRunError``.
    """
    for folder in (one, other):
        folder.verify(["spans"])
    sessions: list[tuple[int, str]] = []
    sizes = [0, 0]

    def noted() -> Iterator[Sequence[SpanRecord]]:
        for which, folder in enumerate((one, other)):
            for spans in traces(folder.spans()):
                sizes[which] += 1
                sessions.append((which, _session(spans)))
                yield marker(spans) if marker is not None and which else spans

    found = matrix(noted())
    groups = np.unique([f"{which} {name}" for which, name in sessions], return_inverse=True)[1]
    of_other = np.array([which for which, _ in sessions], dtype=np.int64)
    for which, folder in enumerate((one, other)):
        if len(np.unique(groups[of_other == which])) < _FEW:
            raise NothingToMeasure(
                f"{folder.path} has fewer than {_FEW} sessions, which is too few to learn from"
            )
    return _judge(found, of_other, groups, (sizes[0], sizes[1]), seed)


def traces(spans: Iterable[SpanRecord]) -> Iterator[Sequence[SpanRecord]]:
    """Yield the spans of each trace; those of a trace follow one another."""
    for _, trace in groupby(spans, key=lambda span: span.trace_id):
        yield list(trace)


def auc_of(scores: Numbers, positive: Numbers, groups: npt.NDArray[np.intp], seed: int) -> Estimate:
    """Return an AUC with its percentile bootstrap interval, groups drawn as wholes."""
    ranked = stats.rankdata(scores, method="dense").astype(np.intp) - 1
    levels = int(ranked.max()) + 1
    names, places = np.unique(groups, return_inverse=True)
    rng = np.random.default_rng(seed)

    def once(weights: npt.NDArray[Any]) -> float:
        ups = np.bincount(ranked, weights * positive, levels)
        downs = np.bincount(ranked, weights * (1 - positive), levels)
        below = np.cumsum(downs) - downs
        pairs = ups.sum() * downs.sum()
        return float((ups * (below + downs / 2)).sum() / pairs) if pairs else math.nan

    drawn = [
        once(np.bincount(rng.integers(0, len(names), len(names)), minlength=len(names))[places])
        for _ in range(_RESAMPLES)
    ]
    tail = (1 - CONFIDENCE) / 2
    low, high = np.nanquantile(drawn, (tail, 1 - tail))
    return Estimate(once(np.ones(len(scores))), float(low), float(high), len(scores))


def _judge(
    found: Matrix,
    of_other: npt.NDArray[np.int64],
    groups: npt.NDArray[np.intp],
    sizes: tuple[int, int],
    seed: int,
) -> Told:
    teaching = _half(of_other, groups, seed)
    varied = VarianceThreshold().fit(found.values[teaching])
    names = np.array(found.names)[varied.get_support()]
    chosen = SelectKBest(f_classif, k=min(_COLUMNS, len(names)))
    with warnings.catch_warnings(), np.errstate(divide="ignore"):
        # A column that differs by the recording and nothing else is just what is looked for.
        warnings.filterwarnings("ignore", message="Features .* are constant")
        learnt = chosen.fit_transform(varied.transform(found.values[teaching]), of_other[teaching])
    judged = chosen.transform(varied.transform(found.values[~teaching]))
    scores = _scores(learnt, of_other[teaching], judged)
    auc = auc_of(scores, of_other[~teaching].astype(float), groups[~teaching], seed)
    strength = np.nan_to_num(chosen.scores_, nan=-1.0, posinf=np.finfo(float).max)
    clues = [str(names[column]) for column in np.argsort(-strength, kind="stable")[:_SHOWN]]
    return Told(auc, sizes, tuple(clues))


def _scores(
    learnt: sparse.csr_matrix, labels: npt.NDArray[Any], judged: sparse.csr_matrix
) -> Numbers:
    """Return how much each request looks like the other recording, over two kinds of judges."""
    scaler = MaxAbsScaler().fit(learnt)
    straight = LogisticRegression(C=0.1, max_iter=1000)
    straight.fit(scaler.transform(learnt), labels)
    trees = HistGradientBoostingClassifier(max_iter=100, learning_rate=0.1, random_state=0)
    trees.fit(learnt.toarray(), labels)
    both = (
        straight.predict_proba(scaler.transform(judged))[:, 1],
        trees.predict_proba(judged.toarray())[:, 1],
    )
    scores: Numbers = sum(stats.rankdata(each) for each in both) / len(both)
    return scores


def _half(
    of_other: npt.NDArray[np.int64], groups: npt.NDArray[np.intp], seed: int
) -> npt.NDArray[np.bool_]:
    """Return which requests teach: those of every second session of each recording, shuffled."""
    rng = np.random.default_rng(seed)
    mixed = [rng.permutation(np.unique(groups[of_other == which])) for which in (0, 1)]
    return np.isin(groups, list(chain.from_iterable(each[::2] for each in mixed)))


def _session(spans: Sequence[SpanRecord]) -> str:
    for span in spans:
        if CONVERSATION in span.attributes:
            return str(span.attributes[CONVERSATION])
    return spans[0].trace_id
