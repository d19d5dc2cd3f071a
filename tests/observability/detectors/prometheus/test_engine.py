import sys
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import psutil
import pytest

from observability.detectors.errors import RuleFailed
from observability.detectors.prometheus.engine import Engine, Found, Programs, QueryFailed
from tests.observability.detectors.prometheus.points import needs_prometheus

FIRST = 946_857_600_000
MINUTE = 60_000


def children() -> list[psutil.Process]:
    return [each for each in psutil.Process().children() if each.status() != "zombie"]


def written(engine: Engine, values: Mapping[int, float], **labels: str) -> None:
    times = FIRST + MINUTE * np.array(list(values), np.int64)
    engine.write([(tuple(sorted(labels.items())), times, np.array(list(values.values())))])


@needs_prometheus
def test_samples_that_are_written_can_be_queried() -> None:
    with Engine(Programs()) as engine:
        written(engine, {0: 1.0, 1: 2.0}, __name__="a", job="x")
        found = engine.query("a * 2", FIRST, FIRST + MINUTE, MINUTE)
        assert found == [Found({"job": "x"}, {FIRST: 2.0, FIRST + MINUTE: 4.0})]


@needs_prometheus
def test_samples_may_be_older_than_others_and_years_apart() -> None:
    with Engine(Programs()) as engine:
        written(engine, {0: 1.0, 4_000_000: 1.0}, __name__="a")
        written(engine, {0: 1.0}, __name__="b")
        assert engine.query("b", FIRST, FIRST, MINUTE)
        late = FIRST + 4_000_000 * MINUTE
        assert engine.query("a", late, late, MINUTE)


@needs_prometheus
def test_a_long_query_is_asked_in_parts() -> None:
    with Engine(Programs()) as engine:
        (found,) = engine.query("vector(1)", FIRST, FIRST + 24_999 * MINUTE, MINUTE)
        assert len(found.at_ms) == 25_000


@needs_prometheus
def test_an_expression_that_cannot_be_evaluated_is_named_with_prometheus_message() -> None:
    with Engine(Programs()) as engine, pytest.raises(QueryFailed, match="parse error"):
        engine.query("a >>= 1", FIRST, FIRST, MINUTE)


@needs_prometheus
def test_nothing_is_left_after_an_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = len(children())

    def fail() -> None:
        with Engine(Programs()):
            assert len(children()) == before + 1
            assert len(list(tmp_path.iterdir())) == 1
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert len(children()) == before
    assert list(tmp_path.iterdir()) == []


@needs_prometheus
def test_an_engine_that_has_ended_says_so() -> None:
    with Engine(Programs()) as engine:
        for child in children():
            if child.name() == "prometheus":
                child.kill()
                child.wait()
        with pytest.raises(RuleFailed, match="has ended"):
            engine.query("a", FIRST, FIRST, MINUTE)


def test_a_program_that_does_not_start_is_named_with_its_last_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "folders").mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "folders"))
    broken = tmp_path / "prometheus"
    broken.write_text(f"#!{sys.executable}\nprint('no room left')\nraise SystemExit(1)\n")
    broken.chmod(0o755)
    with pytest.raises(RuleFailed, match="no room left"), Engine(Programs(str(broken))):
        pass
    assert list((tmp_path / "folders").iterdir()) == []
