import json
import re
from pathlib import Path

import pyarrow.csv
import pyarrow.parquet
import pytest
from typer.testing import CliRunner

from observability.signals.signal import load_signals
from observability.signals.trace import Trace
from services.cli.main import build_app
from services.cli.signals import markdown_table
from tests.observability.recording import run_sample as sample
from tests.observability.signals.traces import span
from tests.project import ROOT

PAGE = (ROOT / "docs" / "signals.md").read_text(encoding="utf-8")


@pytest.fixture
def run(tmp_path: Path) -> Path:
    return sample.recorded(tmp_path / "run").path


def _call(*arguments: object):
    return CliRunner().invoke(build_app(), ["signals", *map(str, arguments)])


def test_the_list_says_what_each_signal_is() -> None:
    shown = _call()
    assert shown.exit_code == 0
    line = next(line for line in shown.stdout.splitlines() if line.startswith("cost_finance"))
    assert ("tools" in line, "USD" in line, "free" in line) == (True, True, True)
    listed = json.loads(_call("--json").stdout)
    assert [each["name"] for each in listed] == list(load_signals())
    assert set(listed[0]) == {"name", "layer", "kind", "unit", "describes", "healthy", "cost"}


def test_the_documentation_holds_the_list_as_it_is() -> None:
    assert PAGE.rstrip().endswith(markdown_table().rstrip()), (
        "docs/signals.md is not up to date: replace what follows '## All of them' by what"
        " `stillgreen signals --markdown` prints"
    )
    assert _call("--markdown").stdout == markdown_table() + "\n"


def test_the_signal_in_the_documentation_works() -> None:
    example = re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL)[-1]
    names: dict[str, object] = {}
    exec(compile(example, "contract_passages.py", "exec"), names)
    signal = names["SIGNAL"]
    types = {"stillgreen.retrieval.document_types": ("contract", "note", "contract")}
    assert signal.of(Trace([span("retrieval finance", types)])) == 2
    assert signal.of(Trace([span("retrieval finance")])) is None


def test_a_run_is_summarised(run: Path) -> None:
    shown = _call(run)
    assert shown.exit_code == 0
    line = next(line for line in shown.stdout.splitlines() if line.startswith("top1_similarity"))
    assert line.split()[1:7] == ["retrieval", "6", "100%", "0.81", "0.81", "0.84"]
    label = next(line for line in shown.stdout.splitlines() if line.startswith("route "))
    assert "documents 6" in label


def test_a_summary_as_json_has_null_for_what_there_is_not(run: Path) -> None:
    found = json.loads(_call(run, "--json").stdout)
    by_name = {each["name"]: each for each in found["signals"]}
    assert found["requests"] == 6
    assert by_name["top1_similarity"]["median"] == 0.81
    assert by_name["route"]["labels"] == {"documents": 6}
    assert by_name["tool_calls"]["n"] == 0
    assert by_name["tool_calls"]["median"] is None


def test_the_table_is_written_as_parquet_and_as_csv(run: Path, tmp_path: Path) -> None:
    for name, read in (
        ("s.parquet", pyarrow.parquet.read_table),
        ("s.csv", pyarrow.csv.read_csv),
    ):
        assert _call(run, "--to", tmp_path / name).exit_code == 0
        table = read(tmp_path / name)
        assert table.num_rows == 6
        assert table.column("top1_similarity").to_pylist() == [0.81, 0.81, 0.84] * 2


def test_no_file_is_overwritten(run: Path, tmp_path: Path) -> None:
    (tmp_path / "s.csv").write_text("mine")
    failed = _call(run, "--to", tmp_path / "s.csv")
    assert failed.exit_code == 1
    assert "nothing is overwritten" in str(failed.exception)
    assert (tmp_path / "s.csv").read_text() == "mine"


@pytest.mark.parametrize(
    "words", [["--to", "x.parquet"], ["--mapping", "x"], ["run", "--to", "x.xlsx"]]
)
def test_a_wrong_use_is_refused(words: list[str]) -> None:
    assert _call(*words).exit_code == 2


def test_names_of_another_application_are_mapped(tmp_path: Path) -> None:
    folder = sample.RunFolder.create(tmp_path / "run", "r", {})
    theirs = {"openinference.span.kind": "LLM", "llm.token_count.prompt": 42}
    folder.write_block(0, [span("ChatCompletion", theirs, parent=None)])
    plain = json.loads(_call(folder.path, "--json").stdout)["signals"]
    mapped = _call(folder.path, "--mapping", "openinference", "--json").stdout
    tokens = [
        next(each["median"] for each in found if each["name"] == "input_tokens")
        for found in (plain, json.loads(mapped)["signals"])
    ]
    assert tokens == [None, 42]


def test_an_unknown_mapping_is_told(run: Path) -> None:
    assert _call(run, "--mapping", "no_such_mapping").exit_code == 1


def test_a_label_from_a_recording_cannot_steer_the_terminal(tmp_path: Path) -> None:
    folder = sample.RunFolder.create(tmp_path / "run", "r", {})
    folder.write_block(0, [span("x", {"stillgreen.route.name": "\x1b[31m[bold]red"})])
    shown = _call(folder.path).stdout
    assert "\x1b" not in shown
    assert "[bold]red" in shown
