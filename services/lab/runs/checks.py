"""What is wrong with a scenario beyond its form: times that cannot be, things that are unknown."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from itertools import combinations
from typing import Any

from corpus.questions import all_families, follow_up_families
from faults.contradictions import hides, why
from faults.errors import UnknownFault
from faults.exposure import LIMITS, allows_partial
from faults.fault import Seam
from faults.registry import catalogue
from services.lab.runs.checks_expected import impossible_expectations
from services.lab.runs.fields import seconds_of
from services.lab.runs.mistakes import Mistake, Place, as_mapping, nearest
from services.lab.runs.scenario import Traffic

_DIALS = ("severity", "share", "documents", "vendors")
"""What a fault is never in place without."""


def impossible(data: Mapping[str, Any]) -> list[Mistake]:
    """Return what cannot be, looking past whatever has the wrong form."""
    traffic = as_mapping(data.get("traffic"))
    lasts = _seconds(traffic.get("duration", Traffic().duration))
    found = [*_traffic(traffic), *_steady_state(as_mapping(data.get("steady_state")), lasts)]
    for name, arm in as_mapping(data.get("arms")).items():
        uses = as_mapping(arm).get("faults")
        if isinstance(uses, list):
            found += _arm(("arms", str(name), "faults"), uses, lasts)
    found += impossible_expectations(data, lasts)
    return found


def _traffic(traffic: Mapping[str, Any]) -> Iterator[Mistake]:
    rate = traffic.get("requests_per_hour")
    place: Place = ("traffic", "requests_per_hour")
    rates = list(rate.values()) if isinstance(rate, dict) else [rate]
    if rate is not None and all(_is_number(each) and each == 0 for each in rates):
        yield Mistake(place, "lets nobody come; give at least one hour a rate above 0")
    families = as_mapping(as_mapping(traffic.get("questions")).get("families"))
    known = [*(family.name for family in all_families()), *follow_up_families()]
    for name in families:
        if name not in known:
            yield Mistake(
                ("traffic", "questions", "families", str(name)),
                f"is no family of questions; did you mean {nearest(str(name), known)}?",
            )


def _steady_state(hypothesis: Mapping[str, Any], lasts: float) -> Iterator[Mistake]:
    window = _seconds(hypothesis.get("window"))
    if window > lasts:
        yield Mistake(
            ("steady_state", "window"),
            f"is longer than the traffic, which lasts {lasts:g} s; make it shorter",
        )
    probes = hypothesis.get("probes")
    for number, probe in enumerate(probes if isinstance(probes, list) else []):
        bounds = as_mapping(as_mapping(probe).get("tolerance")).get("range")
        if not isinstance(bounds, list) or len(bounds) != 2:
            continue
        place = ("steady_state", "probes", number, "tolerance", "range")
        low, high = bounds
        if low is None and high is None:
            yield Mistake(place, "leaves both sides open; give it a lowest or a highest value")
        elif _is_number(low) and _is_number(high) and low > high:
            yield Mistake(place, f"has {low:g} before {high:g}; the lowest value comes first")


def _arm(place: Place, uses: list[Any], lasts: float) -> Iterator[Mistake]:
    first: dict[str, int] = {}
    for number, each in enumerate(uses):
        use, here = as_mapping(each), (*place, number)
        fault_id = use.get("id")
        if isinstance(fault_id, str):
            try:
                yield from _exposure(here, use, catalogue().get(fault_id).seam)
            except UnknownFault as error:
                yield Mistake((*here, "id"), f"is unknown: {error}; `stillgreen faults` lists all")
            if fault_id in first:
                yield Mistake(
                    (*here, "id"),
                    f"is the same fault as in faults[{first[fault_id]}]; an arm has each once",
                )
            first.setdefault(fault_id, number)
        yield from _times(here, use, lasts)
    yield from _contradictions(place, uses)


def _exposure(place: Place, use: Mapping[str, Any], seam: Seam) -> Iterator[Mistake]:
    for share in ("documents", "vendors"):
        given = use.get(share, 1)
        if _is_number(given) and given != 1 and not allows_partial(seam):
            yield Mistake((*place, share), LIMITS)


def _contradictions(place: Place, uses: list[Any]) -> Iterator[Mistake]:
    numbered = enumerate(map(as_mapping, uses))
    for (first, one), (second, other) in combinations(numbered, 2):
        hiding = hides(str(one.get("id")), str(other.get("id")))
        if hiding is not None and _meet(one, other):
            yield Mistake(
                (*place, second, "id"),
                f"contradicts {one['id']} in faults[{first}]: {why(*hiding)}; give each an arm of "
                "its own, or times that do not overlap",
            )


def _meet(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    """Tell whether both faults are in place at some time; times of the wrong form never are."""
    if any(use.get(dial) in (0, 0.0) for use in (one, other) for dial in _DIALS):
        return False
    ends = [math.inf if use.get("end") is None else _seconds(use["end"]) for use in (one, other)]
    onsets = [_seconds(use.get("onset", 0)) for use in (one, other)]
    return onsets[0] < ends[1] and onsets[1] < ends[0]


def _times(place: Place, use: Mapping[str, Any], lasts: float) -> Iterator[Mistake]:
    onset, ramp = _seconds(use.get("onset", 0)), _seconds(use.get("ramp", 0))
    end = _seconds(use.get("end"))
    if onset >= lasts:
        yield Mistake(
            (*place, "onset"), f"is after the traffic, which lasts {lasts:g} s; make it earlier"
        )
    if end <= onset:
        yield Mistake((*place, "end"), "is not after the onset; make it later, or leave it out")
    if end > onset and onset + ramp > end:
        yield Mistake((*place, "ramp"), "lasts beyond the end; make it shorter")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _seconds(value: Any) -> float:
    """Return a duration, or nan, which no comparison is true of, for what is none."""
    try:
        return float(seconds_of(value))
    except ValueError:
        return math.nan
