from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.main import build_app


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> CliRunner:
    for name, value in (("HOME", str(tmp_path)), ("VENDORS", "5"), ("INVOICES", "30")):
        monkeypatch.setenv(f"STILLGREEN_{name}", value)
    return CliRunner()


def test_the_company_is_built_where_it_is_wanted(runner: CliRunner, tmp_path: Path) -> None:
    result = runner.invoke(
        build_app(), ["corpus", "--invoices", "20", "--out", str(tmp_path / "here"), "--json"]
    )
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert data["counts"]["invoices"] == 20
    assert (Path(data["path"]) / "ledger.sqlite").is_file()


def test_an_impossible_scale_is_bad_usage(runner: CliRunner) -> None:
    result = runner.invoke(build_app(), ["corpus", "--vendors", "50", "--invoices", "10"])
    assert result.exit_code == 2
    assert "50" in result.stderr


def test_questions_are_listed_with_their_answers(runner: CliRunner) -> None:
    result = runner.invoke(
        build_app(), ["questions", "--family", "due_date", "--per-family", "2", "--json"]
    )
    assert result.exit_code == 0
    data = json.loads(result.stdout)
    assert data["count"] == 4
    assert all(item["family"] == "due_date" and item["gold"] for item in data["items"])
    assert all(item["evidence"] for item in data["items"])


def test_an_unknown_family_is_bad_usage(runner: CliRunner) -> None:
    result = runner.invoke(build_app(), ["questions", "--family", "no_such"])
    assert result.exit_code == 2
    assert "no_such" in result.stderr
