"""Which families of questions people ask, and what a shift of the traffic makes of that."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Protocol

from corpus.ledger import World
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.current import CurrentPlan
from faults.fault import Seam
from faults.plan import ActiveFault, FaultPlan
from faults.registry import catalogue
from observability.clock import Clock
from services.lab.items import all_items
from services.lab.measure import request_seed
from services.lab.outcome import Item
from services.random_questions import RandomQuestions

FACTS = 50
"""Facts of each family that a shifted traffic draws from."""


class QuestionMix(Protocol):
    """The part behind the traffic's seam: how often each family is asked about."""

    def weights(self, luck: Luck) -> Mapping[str, float]:
        """Return the families' weights for a request with that luck."""
        ...


@dataclass(frozen=True, slots=True)
class SteadyMix:
    """The same weights for every request."""

    families: Mapping[str, float]

    def weights(self, luck: Luck) -> Mapping[str, float]:
        return self.families


def other_traffic(plan: FaultPlan) -> FaultPlan:
    """Return those of a plan's faults that change what is asked, and nothing in the application."""
    return FaultPlan(
        tuple(p for p in plan.faults if not p.fault.is_idle and is_of_traffic(p.fault))
    )


def is_of_traffic(fault: ActiveFault) -> bool:
    """Tell whether a fault changes what is asked, and nothing in the application."""
    return catalogue().get(fault.id).seam is Seam.TRAFFIC


def in_application(active: Sequence[ActiveFault]) -> tuple[ActiveFault, ...]:
    """Return the faults that change something in the application."""
    return tuple(fault for fault in active if not is_of_traffic(fault))


def shifted_weights(
    mix: QuestionMix, active: Sequence[ActiveFault], luck: Luck
) -> Mapping[str, float] | None:
    """Return the weights of a request under the active faults, None where they are as usual."""
    shifted = degrade_part(Seam.TRAFFIC, mix, active).weights(luck)
    return None if shifted == mix.weights(luck) else shifted


def family_of(weights: Mapping[str, float], draw: float) -> str:
    """Return the family at a place from 0 to 1 among the weights, in order of name."""
    names = sorted(weights)
    sums = list(accumulate(weights[name] for name in names))
    return names[min(bisect_right(sums, draw * sums[-1]), len(names) - 1)]


def asked_under(plan: FaultPlan, items: Sequence[Item], world: World, seed: int) -> Sequence[Item]:
    """Return the questions that are asked in place of some items of a run under a plan.

    The n-th item is asked with the run's n-th luck, which decides whether
    another question takes its place.
    """
    shifts = other_traffic(plan)
    if not shifts.faults:
        return items
    pool: dict[str, list[Item]] = defaultdict(list)
    for item in all_items(world, seed, FACTS, sorted({item.wording for item in items})):
        pool[item.family].append(item)
    mix = SteadyMix(dict.fromkeys(sorted(pool), 1.0))

    def instead(number: int, item: Item) -> Item:
        luck = Luck(request_seed(seed, number))
        weights = shifted_weights(mix, shifts.active(luck), luck)
        if weights is None:
            return item
        family = pool[family_of(weights, luck.uniform("other family"))]
        return family[int(luck.uniform("other question") * len(family))]

    return [instead(number, item) for number, item in enumerate(items)]


class LiveSystem(Protocol):
    """A running application, as far as traffic for it is concerned."""

    @property
    def plan(self) -> CurrentPlan:
        """Return the holder of the plan in force."""
        ...

    @property
    def clock(self) -> Clock:
        """Return the clock that the system lives by."""
        ...

    @property
    def questions(self) -> RandomQuestions:
        """Return the questions that somebody might ask."""
        ...


def asked_now(system: LiveSystem, luck: Luck) -> str:
    """Return a question for background traffic, as people ask under the plan that is in force."""
    questions = system.questions
    active = system.plan.active(luck, system.clock.now_ns())
    if not any(map(is_of_traffic, active)):
        return questions(luck).question
    usual = SteadyMix({name: float(len(each)) for name, each in questions.families.items()})
    weights = shifted_weights(usual, active, luck)
    if weights is None:
        return questions(luck).question
    family = questions.families[family_of(weights, luck.uniform("other family"))]
    return family[int(luck.uniform("other question") * len(family))].question
