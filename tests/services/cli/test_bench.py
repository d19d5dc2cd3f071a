import json
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner, Result

from observability.detectors.thresholds import SHIPPED_THRESHOLDS
from services.cli.main import build_app
from tests.services.lab.bench.runs import folder, trace, truth
from tests.services.lab.bench.test_watching import rules

HIT = {"faults": {"misroute": 1.0}, "receipts": {"misroute": "impacted"}}


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path / "home"))


def bench(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), ["bench", *map(str, arguments)])


def recorded(tmp_path: Path) -> tuple[Path, Path]:
    """Record two healthy requests and one under a fault; return that and a folder of rules."""
    traces = [trace(0), trace(1), trace(2, 0.2)]
    made = folder(tmp_path / "run", [(0, traces, [truth(0), truth(1), truth(2, **HIT)])])
    source = rules(tmp_path)
    assert source.folder is not None
    return made.path, source.folder


def test_a_recorded_run_is_scored_and_the_report_written(tmp_path: Path) -> None:
    run, own = recorded(tmp_path)
    to = tmp_path / "report"
    result = bench("--recording", run, "--rules", own, "--out", to, "--require", "recall>=1")
    assert result.exit_code == 0, result.output
    report = json.loads((to / "report.json").read_text())
    assert report["episodes"] == 1
    assert {"never", "always", "less_similar"} <= {each["info"]["id"] for each in report["rules"]}
    assert ET.parse(to / "junit.xml").getroot().tag == "testsuites"
    assert "less_similar" in (to / "report.html").read_text()


def test_a_requirement_that_does_not_hold_ends_with_1(tmp_path: Path) -> None:
    run, own = recorded(tmp_path)
    result = bench("--recording", run, "--rules", own, "--require", "recall<=0.5")
    assert result.exit_code == 1


FAILING = """
from observability.detectors.rule import RuleInfo

class Fails:
    info = RuleInfo(
        id="fails", title="F", severity="info", description="d", runbook="r", layer="answer"
    )

    def update(self, request):
        return 1 / 0

    def reset(self):
        pass

RULE = Fails()
"""


def test_a_rule_that_fails_is_told_once_with_its_request(tmp_path: Path) -> None:
    run, own = recorded(tmp_path)
    (own / "fails.py").write_text(FAILING)
    result = bench("--recording", run, "--rules", own, "--allow-code")
    assert result.exit_code == 0, result.output
    told = " ".join(result.stderr.split())
    assert told.count("fails: failed at request") == 1
    assert "ZeroDivisionError: division by zero (it failed in 1 of 1 episodes)" in told


def test_learning_in_a_bench_leaves_what_is_shipped_alone(tmp_path: Path) -> None:
    run, _ = recorded(tmp_path)
    before = SHIPPED_THRESHOLDS.read_bytes()
    result = bench("--recording", run, "--learn", "--quick")
    assert result.exit_code == 0, result.output
    assert "The shipped rules keep their thresholds" in " ".join(result.stderr.split())
    assert SHIPPED_THRESHOLDS.read_bytes() == before


def test_json_is_printed_for_programs(tmp_path: Path) -> None:
    run, own = recorded(tmp_path)
    result = bench("--recording", run, "--rules", own, "--json")
    assert json.loads(result.stdout)["version"] == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--require", "beauty>=1"], "is no figure of a bench"),
        (["--fault", "nothing"], "there is no fault"),
        (["--labels", "x.csv"], "goes with --recording"),
        (
            ["--learn", "--thresholds", "x.yml", "--rules", "a", "--rules", "shipped"],
            "holds what one set of rules learns",
        ),
        (
            ["--recording", "run", "--labels", "x.csv", "--onset", "2026-06-30"],
            "say the same twice",
        ),
    ],
)
def test_what_cannot_be_asked_is_refused_before_anything_is_made(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    result = bench(*arguments)
    assert result.exit_code == 2
    assert said in " ".join(result.output.replace("│", " ").split())
    assert not (tmp_path / "home").exists()
