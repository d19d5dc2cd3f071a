import json

import pytest
import typer
from typer.testing import CliRunner

from faults.registry import catalogue
from services.cli import demo, evaluate, faults


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    for module in (faults, demo, evaluate):
        module.register(made)
    return made


def run(app: typer.Typer, *arguments: str):
    return CliRunner().invoke(app, list(arguments))


def said(result) -> str:
    """Return the output without the frame and the line breaks of a terminal."""
    return " ".join(result.output.replace("│", " ").split())


def test_the_list_as_json_is_the_catalogue(app: typer.Typer) -> None:
    listed = json.loads(run(app, "faults", "--json").output)
    assert [fault["id"] for fault in listed] == list(catalogue().entries)
    assert {
        "seam",
        "layer",
        "summary",
        "taxonomy",
        "shows_in",
        "blind",
        "kind",
        "claim",
        "find",
        "fix",
    } <= listed[0].keys()


def test_one_fault_is_explained_by_the_text_of_its_file(app: typer.Typer) -> None:
    result = run(app, "faults", "show", "misroute")
    assert result.exit_code == 0
    assert "Mechanism:" in result.output
    fault = catalogue().get("misroute")
    assert "misroute (silent, routing and agents)" in result.output
    assert "Claims: silent, and lower than healthy: answers right." in said(result)
    assert " ".join(f"To find it: {fault.find} To fix it: {fault.fix}".split()) in said(result)


def test_a_control_claims_nothing(app: typer.Typer) -> None:
    assert "Claims:" not in run(app, "faults", "show", "placebo").output


def test_an_unknown_fault_is_a_wrong_use_with_near_names(app: typer.Typer) -> None:
    result = run(app, "faults", "show", "misrout")
    assert result.exit_code == 2
    assert "did you mean misroute" in said(result)


@pytest.mark.parametrize("command", ["demo", "evaluate"])
@pytest.mark.parametrize(
    ("fault", "says"),
    [
        ("misrout", "did you mean misroute"),
        ("misroute=2", "outside 0 to 1"),
        ("misroute=x", "not a number"),
    ],
)
def test_a_bad_fault_is_a_wrong_use_before_anything_is_built(
    app: typer.Typer, command: str, fault: str, says: str
) -> None:
    result = run(app, command, "--fault", fault)
    assert result.exit_code == 2
    assert says in said(result)


def test_a_missing_folder_for_the_json_is_told_before_anything_is_built(app: typer.Typer) -> None:
    result = run(app, "demo", "--json", "no/such/folder/demo.json")
    assert result.exit_code == 2
    assert "there is no folder" in said(result)


@pytest.mark.parametrize("count", ["0", "some", "-3"])
def test_a_number_of_questions_is_above_0_or_all(app: typer.Typer, count: str) -> None:
    result = run(app, "evaluate", f"--questions={count}")
    assert result.exit_code == 2
    assert "neither a number above 0 nor all" in said(result)
