import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from services.cli.main import build_app

SCENARIO = """\
traffic:
  requests: 3
  questions: {families: {invoice_total: 1}}
arms: {quiet: {}}
"""


@pytest.fixture
def stillgreen(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STILLGREEN_VENDORS", "2")
    monkeypatch.setenv("STILLGREEN_INVOICES", "6")
    return lambda *words: CliRunner().invoke(build_app(), ["run", *words])


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["healthy_hour", "--fault", "misroute"],
        ["--fault", "no_such_fault"],
        ["--fault", "misroute=2"],
        ["--resume"],
        ["healthy_hour", "--resume", "--out", "x"],
        ["healthy_hour", "--requests", "0"],
        ["healthy_hour", "--workers", "-1"],
    ],
)
def test_a_wrong_use_is_refused(stillgreen, words: list[str]) -> None:
    assert stillgreen(*words).exit_code == 2


def test_a_wrong_scenario_is_told_with_its_lines(stillgreen, tmp_path: Path) -> None:
    path = tmp_path / "wrong.yml"
    path.write_text("sed: 1\narms:\n  a: {fault: []}\n")
    result = stillgreen(str(path))
    assert result.exit_code == 2
    assert "wrong.yml:1: sed is not a field here" in result.output.replace("\n", "")


@pytest.mark.parametrize(
    "words", ["answers: [zebra]", "history: [zebra]", "families: {follow_up_due_date: 1}"]
)
def test_questions_of_which_there_are_none_are_told_before_there_is_a_folder(
    stillgreen, tmp_path: Path, words: str
) -> None:
    path, out = tmp_path / "zebra.yml", tmp_path / "run"
    path.write_text(f"traffic: {{requests: 3, questions: {{{words}}}}}\narms: {{quiet: {{}}}}\n")
    result = stillgreen(str(path), "--workers", "1", "--out", str(out))
    assert result.exit_code == 2
    assert f"{path}: traffic.questions leaves nothing to ask; name other" in result.output
    assert not out.exists()


def test_a_part_of_the_system_elsewhere_is_refused(stillgreen, monkeypatch) -> None:
    monkeypatch.setenv("STILLGREEN_ERP_URL", "http://127.0.0.1:9")
    assert stillgreen("healthy_hour").exit_code == 2


def test_a_run_is_recorded_told_as_json_and_resumed_when_complete(
    stillgreen, tmp_path: Path
) -> None:
    path, out = tmp_path / "s.yml", tmp_path / "run"
    path.write_text(SCENARIO)
    result = stillgreen(str(path), "--workers", "1", "--out", str(out), "--json")
    assert result.exit_code == 0, result.output
    told = json.loads(result.stdout)
    assert (told["state"], told["requests"], told["requests_planned"]) == ("complete", 3, 3)
    assert told["arms"][0]["figures"]["error_rate"]["value"] == 0
    again = stillgreen("--resume", "--out", str(out), "--workers", "1")
    assert again.exit_code == 0
    assert "3 of 3 requests" in again.stdout


def test_a_run_that_does_not_come_out_as_its_scenario_expects_ends_with_1(
    stillgreen, tmp_path: Path
) -> None:
    path = tmp_path / "s.yml"
    path.write_text(
        SCENARIO
        + """\
expect:
  - name: nothing fails
    arm: quiet
    measure: error_rate
    published: 0
    tolerance: {type: at_most}
  - name: it is dear
    arm: quiet
    measure: cost_usd
    published: 9
    tolerance: {type: percent, value: 15}
    article: Nine dollars a request.
"""
    )
    result = stillgreen(str(path), "--workers", "1", "--out", str(tmp_path / "run"), "--json")
    assert result.exit_code == 1
    told = json.loads(result.stdout)
    assert [each["judgement"] for each in told["expected"]] == ["inside", "outside"]
    assert told["expected"][1]["measured"] < 1
    again = stillgreen("--resume", "--out", str(tmp_path / "run"), "--workers", "1")
    assert again.exit_code == 1
    assert "Nine dollars a request." in again.stdout
    assert "outside" in again.stdout
