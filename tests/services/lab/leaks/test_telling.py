from pathlib import Path

import numpy as np
import pytest

from services.lab.errors import NothingToMeasure
from services.lab.leaks.check import check
from services.lab.leaks.markers import MARKERS
from services.lab.leaks.telling import auc_of, tell_apart, traces
from tests.services.lab.leaks.fakes import recorded


@pytest.mark.parametrize("marker", MARKERS)
def test_a_planted_marker_is_found(tmp_path: Path, marker: str) -> None:
    one, other = recorded(tmp_path / "a", 1), recorded(tmp_path / "b", 2)
    told = tell_apart(one, other, MARKERS[marker])
    assert told.auc.value > 0.95
    assert told.apart


def test_recordings_of_different_luck_alone_are_not_told_apart(tmp_path: Path) -> None:
    one, other = recorded(tmp_path / "a", 1), recorded(tmp_path / "b", 2)
    told = tell_apart(one, other)
    assert told.auc.low < 0.5 < told.auc.high
    assert not told.apart
    assert (told.requests, told.auc.n) == ((120, 120), 120)


def test_a_marker_that_is_really_there_makes_a_check_unclean(tmp_path: Path) -> None:
    one = recorded(tmp_path / "a", 1)
    other = recorded(tmp_path / "b", 2, changed=MARKERS["attribute"])
    report = check(one, other, ["text"])
    assert report.told.apart
    assert "app.build" in report.told.clues[0]
    assert not report.is_clean
    assert check(one, recorded(tmp_path / "c", 3), ["text"]).is_clean


def test_a_control_that_is_not_found_makes_a_check_unclean(tmp_path: Path) -> None:
    one, other = recorded(tmp_path / "a", 1), recorded(tmp_path / "b", 2)
    told = tell_apart(one, other)
    report = check(one, other, [])
    assert report.is_clean
    assert not type(report)(told, {"blind": told}, {}).is_clean


def test_few_sessions_are_too_few(tmp_path: Path) -> None:
    one, few = recorded(tmp_path / "a", 1), recorded(tmp_path / "b", 2, sessions=9)
    with pytest.raises(NothingToMeasure, match="b has fewer than 20 sessions"):
        tell_apart(one, few)


@pytest.mark.parametrize("marker", MARKERS)
def test_a_marker_changes_every_trace(tmp_path: Path, marker: str) -> None:
    for spans in traces(recorded(tmp_path / "a", 1, sessions=3).spans()):
        assert list(MARKERS[marker](spans)) != list(spans)


def test_an_auc_counts_ties_half_and_holds_the_value_in_its_interval() -> None:
    scores = np.array([0.1, 0.4, 0.4, 0.8])
    positive = np.array([0.0, 0.0, 1.0, 1.0])
    found = auc_of(scores, positive, np.arange(4), 0)
    assert found.value == pytest.approx(3.5 / 4)
    assert found.low <= found.value <= found.high
