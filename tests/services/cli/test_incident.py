"""No command tells what hides in an incident before it is revealed."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from observability.recording.run_folder import RunFolder
from services.cli.main import build_app
from services.lab.runs.engine import Progress, Ran, begin
from services.lab.runs.scenario import Arm, FaultUse, Scenario
from services.lab.runs.scenario_file import dump_scenario, parse_scenario
from services.settings import load_settings
from tests.observability.recording import run_sample as sample

FAULT = "filter_dropped"
SCENARIO = Scenario(arms={"only": Arm(faults=(FaultUse(id=FAULT, severity=0.8, onset=1200.0),))})
HIT, TWIN = sample.trace_id(2), sample.trace_id(92)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("STILLGREEN_VENDORS", "2")
    monkeypatch.setenv("STILLGREEN_INVOICES", "6")
    monkeypatch.setenv("COLUMNS", "400")


@pytest.fixture
def incident(tmp_path: Path) -> Path:
    path = tmp_path / "incident"
    return sample.recorded(path, scenario=dump_scenario(SCENARIO), hidden=True).path


def stillgreen(*words: object) -> Result:
    return CliRunner().invoke(build_app(), [str(word) for word in words])


def refusals(incident: Path, tmp_path: Path) -> list[Result]:
    """Return what came of the commands that live on the truth."""
    return [
        stillgreen("sql", incident, "SELECT * FROM truth"),
        stillgreen("sql", incident, "SELECT count(*) FROM twins"),
        stillgreen("trace", HIT, "--run", incident, "--twin"),
        stillgreen("bench", "--recording", incident, "--out", tmp_path / "report"),
        stillgreen("rules", "learn", "--healthy", incident, "--to", tmp_path / "learned.yml"),
    ]


def test_commands_that_need_the_truth_are_refused_with_the_remedy(
    incident: Path, tmp_path: Path
) -> None:
    for result in refusals(incident, tmp_path):
        assert result.exit_code == 1
        assert f"`stillgreen incident reveal {incident}`" in str(result.exception)
        assert FAULT not in result.output


def test_the_list_of_views_says_why_two_are_not_there(incident: Path) -> None:
    for words in ([], ["SHOW TABLES"], ["--json"]):
        shown = stillgreen("sql", incident, *words)
        assert shown.exit_code == 0
        assert "requests" in shown.stdout
        assert "truth" not in shown.stdout
        assert "twins" not in shown.stdout
        assert f"`stillgreen incident reveal {incident}`" in shown.stderr
    assert stillgreen("sql", incident, "SELECT 1").stderr == ""


def test_the_open_part_can_be_used_as_any_recording(incident: Path, tmp_path: Path) -> None:
    for words in (
        ("sql", incident, "SELECT count(*) FROM spans, requests, metrics, logs"),
        ("trace", HIT, "--run", incident),
        ("trace", "--run", incident),
        ("signals", incident),
        ("export", incident, "--to", tmp_path / "out.jsonl"),
    ):
        result = stillgreen(*words)
        assert result.exit_code == 0, result.output
        assert FAULT not in result.output
        assert TWIN not in result.output


def test_an_answer_is_scored_and_the_rest_stays_hidden(incident: Path) -> None:
    scored = stillgreen("incident", "answer", incident, "--layer", "retrieval", "--json")
    assert json.loads(scored.stdout)["points"]["layer"] == 30
    assert stillgreen("sql", incident, "SELECT * FROM truth").exit_code == 1


def test_after_the_reveal_everything_can_be_read(incident: Path, tmp_path: Path) -> None:
    revealed = stillgreen("incident", "reveal", incident)
    assert revealed.exit_code == 0, revealed.output
    assert FAULT in revealed.stdout
    listed = stillgreen("sql", incident)
    assert "truth" in listed.stdout
    assert listed.stderr == ""
    assert FAULT in stillgreen("sql", incident, "SELECT faults FROM truth").stdout
    assert TWIN in stillgreen("trace", HIT, "--run", incident, "--twin", "--json").stdout
    assert stillgreen("incident", "reveal", incident, "--json").exit_code == 0


def test_how_far_an_onset_is_off_is_told_to_a_program_after_the_reveal_alone(
    incident: Path,
) -> None:
    answer = ("incident", "answer", incident, "--onset", 14, "--json")
    before = json.loads(stillgreen(*answer).stdout)
    assert list(before) == ["total", "points"]
    stillgreen("incident", "reveal", incident)
    assert json.loads(stillgreen(*answer).stdout) == {**before, "onset_off_minutes": 6.0}


@pytest.mark.parametrize("words", [("answer", "--layer", "data"), ("reveal",)])
def test_of_an_incident_that_was_broken_off_it_is_said_how_to_complete_it(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    run = begin(SCENARIO, load_settings(), tmp_path / "run", hidden=True).path
    result = stillgreen("incident", words[0], run, *words[1:])
    assert result.exit_code == 2
    assert f"is not complete; go on with `stillgreen run --resume --out {run}`" in result.stderr
    assert RunFolder.open(run).hidden


def test_a_recording_of_something_else_is_not_revealed_as_an_incident(tmp_path: Path) -> None:
    healthy = dump_scenario(Scenario(arms={"only": Arm()}))
    run = sample.recorded(tmp_path / "run", scenario=healthy, hidden=True)
    assert stillgreen("incident", "reveal", run.path).exit_code == 2
    assert run.hidden


def test_an_incident_that_was_broken_off_is_completed_without_being_told(tmp_path: Path) -> None:
    scenario = parse_scenario(
        "traffic: {requests: 3, questions: {families: {invoice_total: 1}}}\n"
        "arms: {traffic: {faults: [{id: misroute}]}}\n"
    )
    run = begin(scenario, load_settings(), tmp_path / "run", hidden=True).path
    for more in ((), ("--json",)):
        result = stillgreen("run", "--resume", "--out", run, "--workers", 1, *more)
        assert result.exit_code == 0, result.output
        for telling in ("misroute", "impacted", "right", "accuracy"):
            assert telling not in result.output
    assert RunFolder.open(run).hidden
    truth = RunFolder.open(run, hidden_too=True).truth()
    assert [list(record.faults) for record in truth] == [["misroute"]] * 3


def test_an_incident_is_hidden_from_its_beginning(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken_off(folder: RunFolder, scenario: Scenario, *_: object) -> Ran:
        return Ran(folder, scenario, False, Progress(0, 50, 0, 0, 0.0))

    monkeypatch.setattr("services.cli.incident.record", broken_off)
    made = stillgreen("incident", "--blind", 7, "--requests", 50, "--out", tmp_path / "made")
    assert "stillgreen run --resume" in made.stderr
    assert RunFolder.open(tmp_path / "made").hidden
