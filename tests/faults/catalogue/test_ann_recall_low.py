from itertools import pairwise

from corpus.index import HnswSettings
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

HEALTHY = HnswSettings()


def settings(severity: float) -> HnswSettings:
    active = [ActiveFault("ann_recall_low", severity)]
    return degrade_part(Seam.INDEX_SETTINGS, HEALTHY, active)


def test_the_graph_is_sparse_and_its_search_short() -> None:
    assert settings(1.0) == HnswSettings(4, 10, 10, compares=False)


def test_the_graph_only_gets_sparser_with_severity() -> None:
    rising = [settings(step / 10) for step in range(11)]
    for weaker, stronger in pairwise(rising):
        assert weaker.max_neighbors >= stronger.max_neighbors
        assert weaker.construction_ef > stronger.construction_ef
        assert weaker.search_ef > stronger.search_ef


def test_the_index_has_another_name_at_each_severity() -> None:
    assert len({settings(severity).fingerprint for severity in (0.0, 0.1, 0.5, 1.0)}) == 4


def test_settings_that_are_worse_already_are_not_bettered() -> None:
    sparse = HnswSettings(max_neighbors=2, construction_ef=5, search_ef=5)
    found = degrade_part(Seam.INDEX_SETTINGS, sparse, [ActiveFault("ann_recall_low")])
    assert found == HnswSettings(2, 5, 5, compares=False)


def test_at_severity_0_the_settings_are_the_very_same() -> None:
    assert settings(0.0) is HEALTHY
