"""Draws for the generator, each keyed by what it is for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal
from typing import TypeVar

from corpus.luck import Luck

T = TypeVar("T")
CENT = Decimal("0.01")


def cents(value: Decimal) -> Decimal:
    """Round to two decimals, halves up, as invoices do."""
    return value.quantize(CENT, ROUND_HALF_UP)


def chance(luck: Luck, probability: float, *key: str | int) -> bool:
    """Return True with the given probability."""
    return luck.uniform(*key) < probability


def whole(luck: Luck, least: int, most: int, *key: str | int) -> int:
    """Return a whole number from ``least`` to ``most``, both included."""
    return least + int(luck.uniform(*key) * (most - least + 1))


def pick(luck: Luck, options: Sequence[T], *key: str | int) -> T:
    """Return one of the options."""
    return options[int(luck.uniform(*key) * len(options))]


def weighted(luck: Luck, options: Sequence[T], weights: Sequence[float], *key: str | int) -> T:
    """Return one of the options, each as likely as its weight."""
    mark = luck.uniform(*key) * sum(weights)
    for option, weight in zip(options, weights, strict=True):
        mark -= weight
        if mark <= 0:
            return option
    return options[-1]


def shuffled(luck: Luck, options: Sequence[T], *key: str | int) -> list[T]:
    """Return all options in a drawn order."""
    order = sorted(range(len(options)), key=lambda index: luck.uniform(*key, index))
    return [options[index] for index in order]


def workday(day: dt.date) -> dt.date:
    """Return the day, or the Monday after it when it falls on a weekend."""
    return day + dt.timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def after(day: dt.date, days: int) -> dt.date:
    """Return the working day that follows after so many calendar days."""
    return workday(day + dt.timedelta(days=days))
