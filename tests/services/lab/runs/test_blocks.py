import pytest

from services.lab.runs.blocks import with_other_luck
from services.lab.runs.scenario import Scenario
from services.lab.runs.traffic import Session
from tests.services.lab.runs.fakes import answered


def sessions(number: int = 200) -> list[Session]:
    return [Session(n, "u-1", (answered(n).asked,)) for n in range(number)]


def scenario(**changes: object) -> Scenario:
    return Scenario.model_validate({"arms": {"a": {}}, **changes})


def test_other_luck_asks_the_same_of_the_same_people_at_the_same_time() -> None:
    before = sessions()
    again = with_other_luck(scenario(second_luck=1.0), before)
    assert [s.user for s in again] == [s.user for s in before]
    for one, other in zip(again, before, strict=True):
        (asked,), (first,) = one.requests, other.requests
        assert (asked.number, asked.at_ns, asked.item) == (first.number, first.at_ns, first.item)
        assert asked.seed != first.seed
    assert again == with_other_luck(scenario(second_luck=1.0), before)


@pytest.mark.parametrize(("share", "least", "most"), [(0.0, 0, 0), (0.1, 8, 35), (0.5, 75, 125)])
def test_only_a_share_of_the_sessions_is_asked_again(share: float, least: int, most: int) -> None:
    assert least <= len(with_other_luck(scenario(second_luck=share), sessions())) <= most
