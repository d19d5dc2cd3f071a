"""The mutate command refuses what makes no sense before anything is built."""

from __future__ import annotations

import pytest
from typer.testing import CliRunner

from services.cli import main, mutate

_runner = CliRunner()


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--only", "colours"], "synonyms"),
        (["--wordings", "own"], "held-out"),
        (["--questions", "3"], "20"),
    ],
)
def test_what_is_not_there_is_bad_usage(arguments: list[str], said: str) -> None:
    result = _runner.invoke(main.build_app(), ["mutate", *arguments])
    assert result.exit_code == 2
    assert said in result.output


def test_help_shows_an_example_and_every_arm() -> None:
    output = _runner.invoke(main.build_app(), ["mutate", "--help"]).output
    assert "--only names" in output
    assert all(arm in output for arm in mutate.ARMS)
