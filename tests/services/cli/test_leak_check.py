import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.leak_check import Plant
from services.cli.main import build_app
from services.lab.leaks.markers import MARKERS
from tests.services.lab.leaks.fakes import recorded


def _call(*words: object):
    return CliRunner().invoke(build_app(), ["leak-check", *map(str, words)])


def test_recordings_that_tell_nothing_pass(tmp_path: Path) -> None:
    recorded(tmp_path / "a", 1)
    recorded(tmp_path / "b", 2)
    result = _call(tmp_path / "a", tmp_path / "b", "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert told["clean"]
    assert told["told_apart"]["auc"]["low"] < 0.5
    assert {name: c["auc"]["value"] > 0.95 for name, c in told["controls"].items()} == {
        "text": True,
        "time": True,
    }
    assert list(told["finds"].values()) == [[], []]


def test_a_leak_is_told_and_fails(tmp_path: Path) -> None:
    recorded(tmp_path / "a", 1)
    folder = recorded(tmp_path / "b", 2, changed=MARKERS["span"])
    (folder.path / "misroute.txt").write_text("")
    result = _call(tmp_path / "a", tmp_path / "b", "--plant", "attribute")
    assert result.exit_code == 1
    assert "POST > step" in result.stdout
    assert "'misroute' in misroute.txt, name" in result.stdout
    assert "Not clean" in result.stdout


def test_one_recording_is_not_enough(tmp_path: Path) -> None:
    assert _call(tmp_path).exit_code == 2


def test_every_marker_can_be_asked_for() -> None:
    assert [each.value for each in Plant] == sorted(MARKERS)


@pytest.mark.parametrize("text", ["Example", "--plant", "--requests"])
def test_the_command_explains_itself(text: str) -> None:
    assert text in _call("--help").stdout
