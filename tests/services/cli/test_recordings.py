import json
from collections import Counter
from pathlib import Path

import pytest
from typer.testing import CliRunner

from observability.recording.errors import RecordingError
from observability.recording.run_folder import RunFolder
from services.cli.main import build_app
from tests.observability.otlp_receiver import otlp_receiver
from tests.observability.recording import run_sample as sample


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("COLUMNS", "140")
    return sample.recorded(tmp_path / "run").path


def _call(*arguments: object):
    return CliRunner().invoke(build_app(), [str(argument) for argument in arguments])


def test_a_question_is_answered_as_a_table_and_as_json(run: Path) -> None:
    query = "SELECT arm, count(*) AS n, avg(correct::INT) AS accuracy FROM truth GROUP BY arm"
    shown = _call("sql", run, query)
    assert shown.exit_code == 0
    assert "accuracy" in shown.stdout
    assert "0.666667" in shown.stdout
    found = json.loads(_call("sql", run, query, "--json").stdout)
    assert found == {
        "items": [{"arm": "only", "n": 6, "accuracy": pytest.approx(2 / 3)}],
        "count": 1,
        "more": False,
    }


def test_without_a_question_the_views_and_their_columns_are_shown(run: Path) -> None:
    items = json.loads(_call("sql", run, "--json").stdout)["items"]
    views = {item["view"]: item["columns"].split(", ") for item in items}
    assert list(views) == ["logs", "metrics", "requests", "spans", "truth", "twins"]
    assert "stillgreen.route.name" in views["spans"]


def test_text_from_a_recording_cannot_steer_the_terminal(run: Path) -> None:
    shown = _call("sql", run, "SELECT chr(27) || '[31m[bold]red' AS x").stdout
    assert "\x1b" not in shown
    assert "[bold]red" in shown


def test_more_rows_than_asked_for_are_told(run: Path) -> None:
    shown = _call("sql", run, "SELECT * FROM range(9)", "--rows", 2)
    assert "--rows" in shown.stderr
    assert len(shown.stdout.splitlines()) == 3


def test_a_wrong_question_is_an_error_of_ours(run: Path) -> None:
    failed = _call("sql", run, "DROP VIEW spans")
    assert failed.exit_code == 1
    assert isinstance(failed.exception, RecordingError)


def test_one_value_cannot_take_all_memory_nor_all_time(run: Path) -> None:
    failed = _call("sql", run, "SELECT repeat('x', 4_000_000_000)", "--memory", 64, "--seconds", 5)
    assert failed.exit_code == 1
    assert "memory" in str(failed.exception)
    assert _call("sql", run, "SELECT 1").exit_code == 0


def test_a_recording_goes_out_and_comes_in_again(run: Path, tmp_path: Path) -> None:
    assert _call("export", run, "--to", tmp_path / "x.jsonl.gz").exit_code == 0
    result = _call("import", tmp_path / "x.jsonl.gz", "--to", tmp_path / "again", "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert (told["traces"], told["metrics"], told["logs"]) == (6, 6, 6)
    content = [RunFolder.open(folder).manifest.content for folder in (run, tmp_path / "again")]
    assert content[0] == content[1]


def test_one_signal_can_be_exported_alone(run: Path, tmp_path: Path) -> None:
    result = _call("export", run, "--to", tmp_path / "x", "--signal", "logs", "--json")
    assert json.loads(result.stdout)["logs"] == 6
    assert "resourceSpans" not in (tmp_path / "x").read_text(encoding="utf-8")
    wrong = _call("export", run, "--to", tmp_path / "y", "--signal", "logs", "--format", "csv")
    assert wrong.exit_code == 2


def test_requests_go_out_as_csv(run: Path, tmp_path: Path) -> None:
    result = _call("export", run, "--format", "csv", "--to", tmp_path / "x.csv", "--json")
    assert json.loads(result.stdout)["requests"] == 6
    assert (tmp_path / "x.csv").read_text(encoding="utf-8").startswith("trace_id,start,")


def test_half_a_trace_is_told_with_its_line_and_fails_when_strict(
    run: Path, tmp_path: Path
) -> None:
    _call("export", run, "--to", tmp_path / "x.jsonl", "--signal", "spans")
    first, second, *_ = (tmp_path / "x.jsonl").read_text(encoding="utf-8").splitlines()
    request = json.loads(second)
    del request["resourceSpans"][0]["scopeSpans"][0]["spans"][0]
    (tmp_path / "half.jsonl").write_text(f"{first}\n{json.dumps(request)}\n", encoding="utf-8")
    told = _call("import", tmp_path / "half.jsonl", "--to", tmp_path / "one")
    assert told.exit_code == 0
    assert "line 2, incomplete: half a trace" in told.stderr
    strict = _call("import", tmp_path / "half.jsonl", "--to", tmp_path / "two", "--strict")
    assert strict.exit_code == 1
    assert RunFolder.open(tmp_path / "two").manifest.counts["requests"] == 2


def test_a_bad_line_is_told_with_its_number(run: Path, tmp_path: Path) -> None:
    (tmp_path / "bad.jsonl").write_text("{}\n{nonsense\n", encoding="utf-8")
    failed = _call("import", tmp_path / "bad.jsonl", "--to", tmp_path / "new")
    assert failed.exit_code == 1
    assert "line 2" in str(failed.exception)


def test_cumulative_points_are_told_and_so_is_what_does_not_fit(run: Path, tmp_path: Path) -> None:
    points = [{"timeUnixNano": str(time), "asInt": str(time)} for time in (10, 20, 30)]
    wrong = {"timeUnixNano": "9", "count": "1", "bucketCounts": ["1"], "explicitBounds": [1]}
    metrics = [
        {"name": "calls", "sum": {"dataPoints": points, "isMonotonic": True}},
        {"name": "seconds", "histogram": {"dataPoints": [wrong], "aggregationTemporality": 1}},
    ]
    request = {"resourceMetrics": [{"scopeMetrics": [{"metrics": metrics}]}]}
    (tmp_path / "in.jsonl").write_text(json.dumps(request), encoding="utf-8")
    told = _call("import", tmp_path / "in.jsonl", "--to", tmp_path / "new")
    assert told.exit_code == 0
    assert "3 points were cumulative and are recorded as differences" in told.stderr
    assert "3 of these do not say so" in told.stderr
    assert "line 1, point left out: histogram 'seconds' has 1 buckets" in told.stderr
    strict = _call("import", tmp_path / "in.jsonl", "--to", tmp_path / "b", "--strict", "--json")
    assert strict.exit_code == 1
    assert json.loads(strict.stdout)["converted"] == 3


def test_every_span_arrives_once_at_a_receiver(run: Path) -> None:
    with otlp_receiver() as received:
        result = _call(
            "replay", run, "--to", received.url, "--keep-times", "--header", "x-key=k", "--json"
        )
    assert result.exit_code == 0
    recorded = list(RunFolder.open(run).spans())
    assert json.loads(result.stdout)["spans"] == len(recorded)
    assert set(Counter((s.trace_id, s.span_id) for s in received.spans).values()) == {1}
    assert sorted(received.spans, key=repr) == sorted(recorded, key=repr)
    assert received.headers[0]["x-key"] == "k"


def test_every_span_arrives_once_over_many_requests_some_of_which_are_sent_again(
    tmp_path: Path,
) -> None:
    folder = RunFolder.create(tmp_path / "long", "r", {})
    for block in range(4):
        sample.write(folder, block, range(block * 28, block * 28 + 28))
    folder.finish("complete")
    with otlp_receiver([200, 503, 429, 200, 502, 503, 504]) as received:
        result = _call("replay", folder.path, "--to", received.url, "--json")
    assert result.exit_code == 0
    told = json.loads(result.stdout)
    assert told["requests"] == received.statuses.count(200) >= 4
    assert len(received.statuses) == told["requests"] + 5
    arrived = Counter((span.trace_id, span.span_id) for span in received.spans)
    assert set(arrived.values()) == {1}
    assert set(arrived) == {(span.trace_id, span.span_id) for span in folder.spans()}


def test_a_receiver_that_is_not_there_is_an_error_with_a_remedy(run: Path) -> None:
    failed = _call("replay", run, "--to", "http://127.0.0.1:9")
    assert failed.exit_code == 1
    assert "Is the receiver running?" in str(failed.exception)


@pytest.mark.parametrize("command", ["sql", "export", "import", "replay"])
def test_a_command_has_an_example(command: str) -> None:
    shown = _call(command, "--help").stdout
    assert "Example" in shown
    assert f"stillgreen {command}" in shown
