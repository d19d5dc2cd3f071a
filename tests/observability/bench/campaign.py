"""A small bench of made-up faults and rules, for looking at its report."""

from __future__ import annotations

import numpy as np

from observability.bench.episode import Episode
from observability.bench.report import BenchReport, Provenance, bench_report
from observability.bench.watching import Watched
from observability.detectors.rule import RuleInfo, Track
from observability.signals.signal import LAYERS
from tests.observability.bench.episodes import episode, info, track

_REQUESTS, _ONSET = 600, 300

INFOS: dict[str, RuleInfo] = {
    "never": info("never", group="baseline"),
    "always": info("always", group="baseline", judges=True),
    "random": info("random", group="baseline", judges=True),
    "error_rate": info("error_rate", "infrastructure", "infrastructure"),
    **{
        f"{layer.split()[0]}_drift": info(f"{layer.split()[0]}_drift", layer, spans=("retrieval",))
        for layer in LAYERS
    },
    "unsupported": info("unsupported", "answer", judges=True),
}


def campaign(seeds: int = 3) -> list[Watched]:
    """Return episodes of a fault for each layer at three severities, a loud one, and controls."""
    rng = np.random.default_rng(12)
    found = []
    for place, layer in enumerate(LAYERS):
        for severity in (0.2, 0.6, 1.0):
            for seed in range(seeds):
                reach = severity * (0.1 if place == 3 else 1.0)
                found.append(_watched(_episode(rng, place, layer, severity, seed), reach, rng))
    for seed in range(seeds):
        loud = _episode(rng, 90, "tools", 1.0, seed, kind="loud", fault="tool_raises")
        shift = _episode(rng, 91, "none", 1.0, seed, kind="control", fault="traffic_shift")
        calm = _episode(rng, 92, "none", 0.0, seed, kind="healthy", fault="no_fault")
        found += [_watched(loud, 1.0, rng), _watched(shift, 0.3, rng), _watched(calm, 0.0, rng)]
    return found


def campaign_report(seeds: int = 3) -> BenchReport:
    """Return all scores of the made-up bench."""
    return bench_report(
        campaign(seeds),
        INFOS,
        {"support": False, "length": True},
        Provenance((1, 2, 3), "made up", 1.0, "tests", ("No figure of this page means anything.",)),
    )


def _episode(
    rng: np.random.Generator,
    place: int,
    layer: str,
    severity: float,
    seed: int,
    kind: str = "silent",
    fault: str = "",
) -> Episode:
    after = np.arange(_REQUESTS) >= _ONSET
    hit = after & (rng.random(_REQUESTS) < 0.6 * severity)
    support = 0.8 - 0.3 * hit + rng.normal(0, 0.15, _REQUESTS)
    length = rng.normal(200, 40, _REQUESTS) + 30 * severity * after
    return episode(
        place * 1000 + seed * 10 + int(severity * 9),
        fault=fault or f"{layer.split(maxsplit=1)[0]}_fault",
        severity=severity,
        kind=kind,  # type: ignore[arg-type]
        layer=layer,
        held_out=place in (2, 5),
        seed=seed,
        requests=_REQUESTS,
        onset=_ONSET,
        impacted=np.flatnonzero(hit).tolist(),
        signals={"support": support, "length": length},
        blind=("error_rate", "support", "similarity") if place == 1 else (),
        claim="cost" if place == 6 else "accuracy",
    )


def _watched(of: Episode, reach: float, rng: np.random.Generator) -> Watched:
    tracks: dict[str, Track] = {}
    for name, about in INFOS.items():
        tracks[name] = _track(of, reach, rng, name, about)
    return Watched(of, tracks)


def _track(
    of: Episode, reach: float, rng: np.random.Generator, name: str, about: RuleInfo
) -> Track:
    n, after = of.requests, np.arange(of.requests) >= of.onset
    if name == "always":
        everything = np.ones(n, dtype=np.bool_)
        return track(n, [0], flagged=everything, score=np.ones(n))
    if name == "random":
        drawn = rng.random(n)
        return track(n, np.flatnonzero(drawn > 0.999).tolist(), flagged=drawn > 0.9, score=drawn)
    if name == "never":
        return track(n)
    if name == "unsupported":
        score = 1 - np.asarray(of.signals.column("support"))
        return track(n, flagged=score > 0.45, score=score)
    seen = about.layer == of.layer or (name == "error_rate" and of.kind == "loud")
    drift = np.cumsum(after) / 150 * reach * (1.0 if seen else 0.15)
    statistic = drift + rng.normal(0.3, 0.12, n)
    over = statistic > 1.0
    begins = np.flatnonzero(over & ~np.roll(over, 1))
    kept = [int(at) for at in begins if not over[max(0, at - 60) : at].any()]
    return track(n, kept, statistic=statistic, threshold=1.0)
