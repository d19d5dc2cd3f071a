import numpy as np
import pytest

from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.encoders import ThreeHits

VECTOR = np.zeros(4, dtype=np.float32)


def index(severity: float = 1.0):
    return degrade_part(Seam.INDEX, ThreeHits(), [ActiveFault("metric_changed", severity)])


def hit(severity: float) -> set[int]:
    part, healthy = index(severity), ThreeHits().search(VECTOR, 3, None)
    return {s for s in range(400) if part.search(VECTOR, 3, None, Luck(s)) != healthy}


def test_scores_are_distances_and_the_farthest_comes_first() -> None:
    found = index().search(VECTOR, 3, None, Luck(1))
    assert [one.chunk.id for one in found] == ["c2", "c1", "c0"]
    assert [one.score for one in found] == pytest.approx([0.8, 0.4, 0.1])


def test_a_share_of_requests_gets_distances_and_grows_without_swapping() -> None:
    some, more = hit(0.3), hit(0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_what_is_asked_beyond_the_search_is_the_healthy_index() -> None:
    assert index().count() == 3
    assert index().name == "three hits"


def test_it_composes_with_another_fault_of_the_index() -> None:
    both = [ActiveFault("index_down", 0.3), ActiveFault("metric_changed")]
    part = degrade_part(Seam.INDEX, ThreeHits(), both)
    alone = degrade_part(Seam.INDEX, ThreeHits(), [ActiveFault("index_down", 0.3)])
    for seed in range(50):
        try:
            alone.search(VECTOR, 3, None, Luck(seed))
        except Exception as error:
            with pytest.raises(type(error)):
                part.search(VECTOR, 3, None, Luck(seed))
        else:
            assert part.search(VECTOR, 3, None, Luck(seed))[0].chunk.id == "c2"


def test_at_severity_0_the_index_is_the_very_same() -> None:
    healthy = ThreeHits()
    assert degrade_part(Seam.INDEX, healthy, [ActiveFault("metric_changed", 0.0)]) is healthy
