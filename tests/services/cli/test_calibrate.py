"""The calibrate command refuses what makes no sense before anything is built."""

from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli import main

_runner = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--fit"], "--to"),
        (["--to", "profiles.yml"], "--fit"),
        (["--questions", "3"], "20"),
        (["--repeats", "0"], "1"),
    ],
)
def test_options_that_do_not_fit_together_are_bad_usage(arguments: list[str], said: str) -> None:
    result = _runner.invoke(main.build_app(), ["calibrate", *arguments])
    assert result.exit_code == 2
    assert said in result.output


@pytest.mark.parametrize("text", ["", "profiles: 3", "defaults: {}\nprofiles:\n  sim-x: {a: 1}\n"])
def test_a_file_that_is_no_profiles_file_is_bad_usage(tmp_path: Path, text: str) -> None:
    path = tmp_path / "profiles.yml"
    path.write_text(text)
    result = _runner.invoke(main.build_app(), ["calibrate", "--profiles", str(path)])
    assert result.exit_code == 2
    assert "profiles" in result.output


def test_help_shows_an_example() -> None:
    assert "report.html" in _runner.invoke(main.build_app(), ["calibrate", "--help"]).output
