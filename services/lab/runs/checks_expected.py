"""What is wrong with the expectations of a scenario beyond their form."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from corpus.questions import all_families, follow_up_families
from services.lab.runs.expecting import OF_SOMETHING
from services.lab.runs.fields import seconds_of
from services.lab.runs.mistakes import Mistake, Place, as_mapping, nearest


def impossible_expectations(data: Mapping[str, Any], lasts: float) -> Iterator[Mistake]:
    """Yield what cannot be among the expectations of traffic that lasts so many seconds."""
    expect = data.get("expect")
    arms = [str(name) for name in as_mapping(data.get("arms"))]
    names: dict[str, int] = {}
    for number, each in enumerate(expect if isinstance(expect, list) else []):
        one, place = as_mapping(each), ("expect", number)
        name = one.get("name")
        if isinstance(name, str) and names.setdefault(name, number) != number:
            yield Mistake((*place, "name"), f"is that of expect[{names[name]}] too; change one")
        yield from _arm(place, one, arms)
        yield from _of(place, one)
        yield from _times(place, one, lasts)
        yield from _tolerance(place, one)
        yield from _families(place, one)
        against = as_mapping(one.get("against"))
        if "against" in one and not {"arm", "after", "before"} & set(against):
            yield Mistake((*place, "against"), "compares a number with itself; name an arm or time")
        yield from _arm((*place, "against"), against, arms)
        yield from _times((*place, "against"), {**_own_times(one), **against}, lasts)


def _arm(place: Place, one: Mapping[str, Any], arms: list[str]) -> Iterator[Mistake]:
    arm = one.get("arm")
    if isinstance(arm, str) and arm not in arms:
        yield Mistake((*place, "arm"), f"is no arm; there are {', '.join(arms)}")


def _of(place: Place, one: Mapping[str, Any]) -> Iterator[Mistake]:
    measure, of = one.get("measure"), one.get("of")
    if not isinstance(measure, str):
        return
    if measure in OF_SOMETHING and not of:
        yield Mistake((*place, "measure"), "looks for something; say in `of` for what")
    if measure not in OF_SOMETHING and of:
        yield Mistake((*place, "of"), f"means nothing to {measure}; remove it")


def _own_times(one: Mapping[str, Any]) -> Mapping[str, Any]:
    return {key: one[key] for key in ("after", "before") if key in one}


def _times(place: Place, one: Mapping[str, Any], lasts: float) -> Iterator[Mistake]:
    after, before = _seconds(one.get("after", 0)), _seconds(one.get("before"))
    if after >= lasts:
        yield Mistake(
            (*place, "after"), f"is after the traffic, which lasts {lasts:g} s; make it earlier"
        )
    if before <= after:
        yield Mistake((*place, "before"), "is not later than `after`; make it later")


def _tolerance(place: Place, one: Mapping[str, Any]) -> Iterator[Mistake]:
    tolerance = as_mapping(one.get("tolerance"))
    kind, here = tolerance.get("type"), (*place, "tolerance")
    is_bound = kind in ("at_least", "at_most")
    if is_bound and tolerance.get("value") is not None:
        yield Mistake((*here, "value"), f"means nothing to {kind}; remove it")
    if kind in ("points", "percent") and tolerance.get("value") is None:
        yield Mistake((*here, "type"), f"needs to know how many {kind}; add `value`")


def _families(place: Place, one: Mapping[str, Any]) -> Iterator[Mistake]:
    families = one.get("families")
    known = [*(family.name for family in all_families()), *follow_up_families()]
    for number, name in enumerate(families if isinstance(families, list) else []):
        if name not in known:
            yield Mistake(
                (*place, "families", number),
                f"is no family of questions; did you mean {nearest(str(name), known)}?",
            )


def _seconds(value: Any) -> float:
    try:
        return float(seconds_of(value))
    except ValueError:
        return math.nan
