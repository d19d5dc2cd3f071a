"""Episodes and rules made of plain numbers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from observability.bench.episode import Episode, Kind, Truth
from observability.bench.watching import Watched
from observability.detectors.rule import RuleInfo, Track

_SECOND = 1_000_000_000


def episode(
    number: int = 0,
    *,
    fault: str = "f",
    severity: float = 1.0,
    kind: Kind = "silent",
    layer: str = "retrieval",
    held_out: bool = False,
    seed: int | None = None,
    requests: int = 100,
    onset: int = 50,
    impacted: Iterable[int] | None = None,
    signals: dict[str, Sequence[float] | npt.NDArray[np.float64]] | None = None,
    blind: tuple[str, ...] = (),
    claim: str = "accuracy",
) -> Episode:
    """Return an episode with a request every second; from its onset on the fault changes all."""
    onset = requests if kind == "healthy" else onset
    seed = number if seed is None else seed
    after = np.arange(requests) >= onset
    changed = after if impacted is None else np.isin(np.arange(requests), list(impacted))
    starts = np.arange(requests, dtype=np.int64) * _SECOND
    columns = {
        "trace_id": pa.array([f"{seed}-{place}" for place in range(requests)]),
        "start_ns": pa.array(starts),
        "end_ns": pa.array(starts + _SECOND // 2),
    }
    for name, values in (signals or {}).items():
        columns[name] = pa.array(np.asarray(values, dtype=np.float64), from_pandas=True)
    truth = Truth(
        applied=after,
        impacted=changed,
        wrong=changed,
        correct=~changed,
        layers=tuple(layer if each else "" for each in changed),
        spans=tuple("retrieval main" if each else "" for each in changed),
    )
    return Episode(
        id=f"{fault}-{severity:g}-{number}",
        fault=fault,
        severity=severity,
        kind=kind,
        layer=layer,
        held_out=held_out,
        seed=seed,
        onset=onset,
        signals=pa.table(columns),
        truth=truth,
        blind=blind,
        claim=claim,
    )


def track(
    requests: int = 100,
    alarms: Iterable[int] = (),
    *,
    statistic: npt.NDArray[np.float64] | None = None,
    threshold: float = 1.0,
    score: npt.NDArray[np.float64] | None = None,
    flagged: npt.NDArray[np.bool_] | None = None,
) -> Track:
    """Return what a rule said; without a statistic, a score or flags it says nothing by them."""
    return Track(
        flagged=np.zeros(requests, dtype=np.bool_) if flagged is None else flagged,
        score=np.full(requests, np.nan) if score is None else score,
        statistic=np.full(requests, np.nan) if statistic is None else statistic,
        threshold=threshold,
        alarms=tuple(alarms),
    )


def watched(of: Episode, **alarms: Iterable[int]) -> Watched:
    """Return an episode with rules of which only the alarms are known."""
    return Watched(of, {name: track(of.requests, places) for name, places in alarms.items()})


def info(
    name: str,
    layer: str = "retrieval",
    group: str = "quality",
    spans: tuple[str, ...] = (),
    judges: bool = False,
) -> RuleInfo:
    """Return what is known of a rule."""
    return RuleInfo(
        id=name,
        title=name.replace("_", " "),
        severity="warning",
        description="a rule for tests",
        runbook="",
        layer=layer,
        group=group,  # type: ignore[arg-type]
        spans=spans,
        judges=judges,
    )
