from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest

from corpus.ledger import World, WorldSettings, generate
from corpus.luck import Luck
from faults.current import CurrentPlan
from faults.plan import HEALTHY, ActiveFault, parse_plan
from services.gateway.app import RandomQuestion
from services.lab.items import draw_items
from services.lab.mix import (
    SteadyMix,
    asked_now,
    asked_under,
    family_of,
    in_application,
    other_traffic,
)
from tests.services.lab.fakes import TickingClock


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings(7, 4, 30))


def test_families_are_drawn_by_their_weights() -> None:
    weights = {"b": 1.0, "a": 2.0, "c": 1.0}
    drawn = Counter(family_of(weights, (n + 0.5) / 100) for n in range(100))
    assert drawn == {"a": 50, "b": 25, "c": 25}
    assert family_of(weights, 1.0) == "c"


def test_faults_of_the_traffic_are_told_from_those_of_the_application() -> None:
    plan = parse_plan(["misroute", "traffic_shift"])
    assert [p.fault.id for p in other_traffic(plan).faults] == ["traffic_shift"]
    assert in_application(plan.everything()) == (ActiveFault("misroute"),)
    assert other_traffic(parse_plan(["traffic_shift=0"])) == HEALTHY


def test_a_shift_asks_other_questions_in_the_same_wordings(world: World) -> None:
    items = draw_items(world, 3, 80, ("w1",))
    shifted = asked_under(parse_plan(["traffic_shift"]), items, world, 3)
    assert len(shifted) == len(items)
    assert {item.wording for item in shifted} == {"w1"}
    before, after = (Counter(item.family for item in each) for each in (items, shifted))
    assert max(after.values()) > 2 * max(before.values())


def test_a_weaker_shift_leaves_the_other_questions_where_they_are(world: World) -> None:
    items = draw_items(world, 3, 200, ("w1",))
    some, all_ = (
        asked_under(parse_plan([f"traffic_shift={severity}"]), items, world, 3)
        for severity in ("0.3", "1")
    )
    changed = [n for n in range(200) if some[n].id != items[n].id]
    assert 35 < len(changed) < 85
    assert all(some[n].id == all_[n].id for n in changed)


def test_without_a_shift_the_questions_are_the_very_same(world: World) -> None:
    items = draw_items(world, 3, 20, ("w1",))
    assert asked_under(parse_plan(["misroute", "placebo"]), items, world, 3) is items


def test_a_steady_mix_is_the_same_for_all() -> None:
    assert SteadyMix({"a": 1.0}).weights(None) == {"a": 1.0}  # type: ignore[arg-type]


class Questions:
    """Two families of a hundred questions each."""

    families: Mapping[str, Sequence[RandomQuestion]]

    def __init__(self) -> None:
        self.families = {
            name: [RandomQuestion(f"{name} {n}?", name) for n in range(100)]
            for name in ("approver", "tax_amount")
        }

    def __call__(self, luck: Luck) -> RandomQuestion:
        everything = [question for family in self.families.values() for question in family]
        return everything[int(luck.uniform("any") * len(everything))]


@dataclass
class Live:
    plan: CurrentPlan
    clock: TickingClock = field(default_factory=TickingClock)
    questions: Questions = field(default_factory=Questions)


def test_background_traffic_asks_as_the_plan_in_force_has_it() -> None:
    live = Live(CurrentPlan())
    usual = [asked_now(live, Luck(n)) for n in range(200)]  # type: ignore[arg-type]
    assert usual == [live.questions(Luck(n)).question for n in range(200)]
    live.plan.plan = parse_plan(["misroute", "traffic_shift"])
    shifted = [asked_now(live, Luck(n)) for n in range(200)]  # type: ignore[arg-type]
    before, after = (Counter(text.split()[0] for text in each) for each in (usual, shifted))
    assert min(before.values()) > 80
    assert min(after.values()) < 50
