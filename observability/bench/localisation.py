"""Ranks the layers and spans that a failure may lie in, from which rules alarmed.

A rule that alarms is evidence for the layer and the spans that it blames;
rules about the answer or the infrastructure say that something is wrong, not
where. What the evidence of a rule weighs, how the rules of a layer add up and
whether an upstream layer explains the ones below it are choices: they are
fields of ``Method``, so that they can be compared, on tuning episodes only.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np

from observability.bench.detection import outcome
from observability.bench.episode import Kind
from observability.bench.watching import Watched
from observability.detectors.rule import RuleInfo, Track
from observability.signals.signal import LAYERS
from observability.statistics import Estimate, rate


@dataclass(frozen=True, slots=True)
class Method:
    """How layers and spans are ranked.

    Rules whose alarm begins less than ``within`` requests after the first one
    are heard. ``weigh`` is what an alarm counts: how many times its threshold
    the statistic reached in that time (``excess``), the logarithm of it plus
    one (``log``), one (``vote``), or between zero and one the more the earlier
    it came (``earliest``). ``pool`` takes the strongest rule of a layer
    (``max``) or all together (``sum``). ``upstream`` is the share of the
    strongest layer's evidence from which a layer further up comes first, since
    its failure explains the symptoms below it: with 1 the evidence alone
    decides, with 0 the causal order of all layers that have any.
    """

    within: int = 100
    weigh: Literal["excess", "log", "vote", "earliest"] = "log"
    pool: Literal["max", "sum"] = "sum"
    upstream: float = 1.0


@dataclass(frozen=True, slots=True)
class Blame:
    """Layers and spans from the likeliest to the least, with the evidence for each.

    Those without evidence are not in here. Spans are the first words of names.
    """

    layers: tuple[tuple[str, float], ...]
    spans: tuple[tuple[str, float], ...]

    def names_layer(self, layer: str, first: int) -> bool:
        """Tell whether a layer is among the first ones."""
        return layer in [name for name, _ in self.layers[:first]]

    def names_span(self, span: str, first: int) -> bool:
        """Tell whether a span is among the first ones, by the first word of its name."""
        return span.partition(" ")[0] in [name for name, _ in self.spans[:first]]


def blame(
    watched: Watched,
    infos: Mapping[str, RuleInfo],
    rules: Sequence[str],
    method: Method = Method(),
) -> Blame:
    """Return where a set of rules says that an episode's failure lies; empty if none alarmed."""
    first = outcome(watched, rules).place
    if first is None:
        return Blame((), ())
    layers: dict[str, list[float]] = {}
    spans: dict[str, list[float]] = {}
    for name in rules:
        if name not in watched.tracks or infos[name].layer not in LAYERS:
            continue
        weight = evidence(watched.tracks[name], first, method)
        if weight <= 0:
            continue
        layers.setdefault(infos[name].layer, []).append(weight)
        for span in {each.partition(" ")[0] for each in infos[name].spans}:
            spans.setdefault(span, []).append(weight)
    pooled = {layer: _pooled(weights, method) for layer, weights in layers.items()}
    return Blame(_ranked_layers(pooled, method), _ranked(spans, method))


def evidence(track: Track, first: int, method: Method) -> float:
    """Return what a rule's alarm weighs, 0 if none of its alarms began in time.

    A rule without a statistic, or whose threshold is not above zero so that
    exceeding it has no measure, weighs one.
    """
    begun = [place for place in track.alarms if first <= place < first + method.within]
    if not begun:
        return 0.0
    if method.weigh == "vote":
        return 1.0
    if method.weigh == "earliest":
        return 1.0 - (begun[0] - first) / method.within
    ratio = exceeded(track, begun[0], first + method.within)
    ratio = 1.0 if math.isnan(ratio) else max(1.0, ratio)
    return ratio if method.weigh == "excess" else 1.0 + math.log(ratio)


def exceeded(track: Track, start: int, end: int) -> float:
    """Return the highest share of its threshold that a rule's statistic reached in a stretch.

    ``nan`` if it has no statistic there or its threshold is not above zero.
    """
    values = track.statistic[start:end]
    known = values[np.isfinite(values)]
    if not len(known) or not track.threshold > 0:
        return math.nan
    return float(known.max() / track.threshold)


@dataclass(frozen=True, slots=True)
class Located:
    """What was blamed for one episode, beside what was to blame.

    ``layer`` is the fault's; ``measured`` and ``span`` are those at which most
    of the requests under the fault first differ from their twins, empty where
    none do. ``blamed`` has nothing in it if the episode was not detected.
    """

    episode: str
    fault: str
    severity: float
    kind: Kind
    held_out: bool
    detected: bool
    layer: str
    measured: str
    span: str
    blamed: Blame


def locate(
    watched: Iterable[Watched],
    infos: Mapping[str, RuleInfo],
    rules: Sequence[str],
    method: Method = Method(),
) -> tuple[Located, ...]:
    """Return what was blamed for each episode whose fault lies in a layer."""
    found = []
    for each in watched:
        episode = each.episode
        if episode.kind in {"healthy", "control"} or episode.layer not in LAYERS:
            continue
        found.append(
            Located(
                episode=episode.id,
                fault=episode.fault,
                severity=episode.severity,
                kind=episode.kind,
                held_out=episode.held_out,
                detected=outcome(each, rules).detected,
                layer=episode.layer,
                measured=_most(episode.truth.layers[episode.onset :]),
                span=_most(episode.truth.spans[episode.onset :]),
                blamed=blame(each, infos, rules, method),
            )
        )
    return tuple(found)


@dataclass(frozen=True, slots=True)
class Localisation:
    """How often the right place was among the first one or three that were blamed.

    Over ``detected`` episodes; an episode that is detected by rules that blame
    nothing counts as wrong. ``random1`` and ``random3`` are what naming layers
    at random gives. ``measured1`` takes the layer at which most requests first
    differ for the truth, and ``spans1`` and ``spans3`` the span; episodes
    without any such request are left out of these.
    """

    detected: int
    ac1: Estimate
    ac3: Estimate
    measured1: Estimate
    measured3: Estimate
    spans1: Estimate
    spans3: Estimate
    random1: float = 1 / len(LAYERS)
    random3: float = 3 / len(LAYERS)


def localisation(located: Iterable[Located]) -> Localisation:
    """Return how often the right layer and span were named, of detected episodes."""
    found = [each for each in located if each.detected]
    known = [each for each in found if each.measured]
    spanned = [each for each in found if each.span]
    return Localisation(
        detected=len(found),
        ac1=_share(each.blamed.names_layer(each.layer, 1) for each in found),
        ac3=_share(each.blamed.names_layer(each.layer, 3) for each in found),
        measured1=_share(each.blamed.names_layer(each.measured, 1) for each in known),
        measured3=_share(each.blamed.names_layer(each.measured, 3) for each in known),
        spans1=_share(each.blamed.names_span(each.span, 1) for each in spanned),
        spans3=_share(each.blamed.names_span(each.span, 3) for each in spanned),
    )


def confusion(located: Iterable[Located]) -> dict[tuple[str, str], int]:
    """Return how many detected episodes of each layer were put down to which.

    The second layer is empty where rules alarmed that blame none.
    """
    counts: dict[tuple[str, str], int] = {}
    for each in located:
        if each.detected:
            named = each.blamed.layers[0][0] if each.blamed.layers else ""
            counts[each.layer, named] = counts.get((each.layer, named), 0) + 1
    return counts


def compare_methods(
    watched: Sequence[Watched],
    infos: Mapping[str, RuleInfo],
    rules: Sequence[str],
    methods: Iterable[Method],
) -> tuple[tuple[Method, Localisation], ...]:
    """Return the methods from the best to the worst on some episodes, for tuning ones."""
    scored = [(method, localisation(locate(watched, infos, rules, method))) for method in methods]
    return tuple(sorted(scored, key=lambda each: -_known(each[1].ac1.value)))


def _pooled(weights: Sequence[float], method: Method) -> float:
    return max(weights) if method.pool == "max" else sum(weights)


def _ranked(found: Mapping[str, list[float]], method: Method) -> tuple[tuple[str, float], ...]:
    pooled = {name: _pooled(weights, method) for name, weights in found.items()}
    return tuple(sorted(pooled.items(), key=lambda each: (-each[1], each[0])))


def _ranked_layers(pooled: Mapping[str, float], method: Method) -> tuple[tuple[str, float], ...]:
    strongest = max(pooled.values(), default=0.0)

    def place(item: tuple[str, float]) -> tuple[int, float, int]:
        layer, weight = item
        order = LAYERS.index(layer)
        # Layers strong enough to explain the others come first, the most upstream of them at once.
        explains = method.upstream < 1 and weight >= method.upstream * strongest
        return (0, order, 0) if explains else (1, -weight, order)

    return tuple(sorted(pooled.items(), key=place))


def _most(names: Iterable[str]) -> str:
    counts: dict[str, int] = {}
    for name in names:
        if name:
            counts[name] = counts.get(name, 0) + 1
    return max(sorted(counts), key=lambda name: counts[name]) if counts else ""


def _share(right: Iterable[bool]) -> Estimate:
    all_of = list(right)
    return rate(sum(all_of), len(all_of))


def _known(value: float) -> float:
    return -1.0 if math.isnan(value) else value
