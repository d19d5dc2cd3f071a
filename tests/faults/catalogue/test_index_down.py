import numpy as np
import pytest

from corpus.errors import SearchError
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.encoders import ThreeHits

VECTOR = np.zeros(4, dtype=np.float32)


def index(severity: float = 1.0):
    return degrade_part(Seam.INDEX, ThreeHits(), [ActiveFault("index_down", severity)])


def fails(severity: float) -> set[int]:
    part, failed = index(severity), set()
    for seed in range(400):
        try:
            part.search(VECTOR, 3, None, Luck(seed))
        except SearchError:
            failed.add(seed)
    return failed


def test_a_search_fails_as_one_of_a_real_index_does() -> None:
    with pytest.raises(SearchError, match="vector search failed"):
        index().search(VECTOR, 3, None, Luck(1))


def test_a_share_of_requests_fails_and_grows_without_swapping() -> None:
    some, more = fails(0.3), fails(0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_whoever_is_not_hit_finds_what_there_is_and_health_checks_pass() -> None:
    spared = next(seed for seed in range(100) if seed not in fails(0.3))
    found = index(0.3).search(VECTOR, 3, None, Luck(spared))
    assert found == ThreeHits().search(VECTOR, 3, None)
    assert index().count() == 3


def test_at_severity_0_the_index_is_the_very_same() -> None:
    healthy = ThreeHits()
    assert degrade_part(Seam.INDEX, healthy, [ActiveFault("index_down", 0.0)]) is healthy
