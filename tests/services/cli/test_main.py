"""The command line finds its commands and reports errors without a stack trace."""

from __future__ import annotations

import subprocess
import sys

import pytest
from typer.testing import CliRunner

from services.cli import main
from services.errors import ServicesError

_runner = CliRunner()


def test_every_module_that_is_not_private_is_a_command_with_an_example() -> None:
    result = _runner.invoke(main.build_app(), ["--help"])
    assert result.exit_code == 0
    for name in ("ask", "up", "serve", "review"):
        assert f" {name} " in result.output
        assert "xample" in _runner.invoke(main.build_app(), [name, "--help"]).output or (
            name == "review"
        )


def test_the_version_is_printed() -> None:
    result = _runner.invoke(main.build_app(), ["--version"])
    assert result.output.startswith("stillgreen ")


def test_an_unknown_option_is_bad_usage() -> None:
    assert _runner.invoke(main.build_app(), ["ask", "--frobnicate"]).exit_code == 2


def test_an_empty_question_is_bad_usage() -> None:
    result = _runner.invoke(main.build_app(), ["ask", "   "])
    assert result.exit_code == 2
    assert "empty" in result.output


def test_an_unknown_service_is_bad_usage() -> None:
    result = _runner.invoke(main.build_app(), ["serve", "everything"])
    assert result.exit_code == 2
    assert "gateway" in result.output


def _fails_with(error: Exception, monkeypatch: pytest.MonkeyPatch) -> int:
    def app() -> None:
        raise error

    monkeypatch.setattr(main, "build_app", lambda: app)
    with pytest.raises(SystemExit) as stopped:
        main.main()
    return int(str(stopped.value.code))


def test_an_error_of_ours_is_one_line_and_exit_code_1(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _fails_with(ServicesError("the [port] is in use"), monkeypatch) == 1
    captured = capsys.readouterr()
    assert captured.err.strip() == "error: the [port] is in use"
    assert captured.out == ""


def test_a_defect_says_that_it_is_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert _fails_with(KeyError("x"), monkeypatch) == 1
    assert "defect" in capsys.readouterr().err


def test_a_wrong_setting_stops_the_program_with_the_variables_name() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "services.cli.main", "up"],
        capture_output=True,
        text=True,
        env={"STILLGREEN_GATEWAY_PORT": "x", "PATH": ""},
        check=False,
    )
    assert result.returncode == 1
    assert "STILLGREEN_GATEWAY_PORT" in result.stderr
    assert "Traceback" not in result.stderr


def test_importing_the_command_line_loads_nothing_heavy() -> None:
    code = (
        "import sys, services.cli.main as m; m.build_app();"
        "print([n for n in ('torch','chromadb','fastapi','numpy') if n in sys.modules])"
    )
    result = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    assert result.stdout.strip() == "[]"


def test_commands_are_registered_in_the_order_of_their_names() -> None:
    names = [command.name or "" for command in main.build_app().registered_commands]
    assert names == sorted(names)
