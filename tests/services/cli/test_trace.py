import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from observability.recording import SQLiteRecording
from services.cli.main import build_app
from tests.observability.recording import run_sample as sample
from tests.observability.trace_view.sample import question

A, B = "a1" * 16, "a2" * 16


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path))
    monkeypatch.setenv("COLUMNS", "140")
    recording = SQLiteRecording(tmp_path / "recording" / "spans.sqlite")
    for span in question(A) + question(B, healthy=False):
        recording.add(span)
    recording.close()
    return tmp_path


def _run(*arguments: str) -> tuple[int, str, BaseException | None]:
    result = CliRunner().invoke(build_app(), ["trace", *arguments])
    return result.exit_code, result.stdout, result.exception


def test_a_trace_is_found_by_the_beginning_of_its_id(home: Path) -> None:
    code, shown, _ = _run("a1")
    assert code == 0
    assert A in shown
    assert "stillgreen.rerank" in shown


def test_the_last_trace_is_the_one_recorded_last(home: Path) -> None:
    assert B in _run("--last")[1]


def test_without_an_id_the_last_traces_are_listed(home: Path) -> None:
    code, shown, _ = _run("--json")
    assert code == 0
    assert [item["trace_id"] for item in json.loads(shown)["items"]] == [B, A]


def test_two_ids_are_compared(home: Path) -> None:
    code, shown, _ = _run("a1", "a2", "--json")
    found = json.loads(shown)
    assert code == 0
    assert found["divergence"]["span"] == "stillgreen.filter"
    assert found["divergence"]["agent"] == "retriever"
    assert found["jaeger"] == {}


def test_jaeger_links_are_printed_when_its_address_is_set(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLGREEN_JAEGER_URL", "http://localhost:16686")
    assert f"http://localhost:16686/trace/{A}...{B}" in _run("a1", "a2")[1]
    assert f"http://localhost:16686/trace/{A}" in _run("a1")[1]


def test_a_page_is_written(home: Path, tmp_path: Path) -> None:
    code, _, _ = _run("a1", "a2", "--html", str(tmp_path / "two.html"))
    assert code == 0
    page = (tmp_path / "two.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>")
    assert A in page


def test_an_unknown_id_lists_the_last_traces(home: Path) -> None:
    code, _, error = _run("ffff")
    assert code == 1
    assert A in str(error)
    assert "ffff" in str(error)


def test_a_beginning_that_fits_two_traces_is_refused(home: Path) -> None:
    code, _, error = _run("a")
    assert code == 1
    assert "several traces" in str(error)


@pytest.mark.parametrize("arguments", [("a1", "a2", "a3"), ("a1", "a2", "--last"), ("--html", "x")])
def test_bad_usage_has_exit_code_2(home: Path, arguments: tuple[str, ...]) -> None:
    assert _run(*arguments)[0] == 2


def test_without_a_recording_the_remedy_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path / "none"))
    code, _, error = _run("--last")
    assert code == 1
    assert "stillgreen ask" in str(error)
    assert not (tmp_path / "none").exists()


def test_a_page_that_cannot_be_written_is_an_error(home: Path) -> None:
    code, _, error = _run("a1", "--html", str(home / "no" / "such" / "folder.html"))
    assert code == 1
    assert "cannot be written" in str(error)


@pytest.fixture
def recorded_run(home: Path) -> Path:
    return sample.recorded(home / "run").path


def test_a_trace_of_a_run_is_shown(recorded_run: Path) -> None:
    code, shown, _ = _run(sample.trace_id(3)[:12], "--run", str(recorded_run))
    assert code == 0
    assert sample.trace_id(3) in shown
    assert "stillgreen.rerank" in shown


def test_the_last_requests_of_a_run_are_listed(recorded_run: Path) -> None:
    items = json.loads(_run("--run", str(recorded_run), "--json")[1])["items"]
    assert [item["trace_id"] for item in items] == [sample.trace_id(n) for n in range(5, -1, -1)]
    assert items[0]["root"] == "POST /v1/ask"
    assert sample.trace_id(5) in _run("--last", "--run", str(recorded_run))[1]


def test_a_request_of_a_run_stands_beside_its_twin_while_the_seal_is_there(
    recorded_run: Path,
) -> None:
    words = (sample.trace_id(2)[:12], "--run", str(recorded_run), "--twin", "--json")
    code, shown, _ = _run(*words)
    found = json.loads(shown)
    assert code == 0
    assert found["divergence"]["span"] == "stillgreen.filter"
    assert sample.trace_id(92) in shown
    (recorded_run / "sealed").rename(recorded_run.parent / "elsewhere")
    code, _, error = _run(*words)
    assert code == 1
    assert "Put it back" in str(error)
    assert _run(words[0], "--run", str(recorded_run))[0] == 0


def test_a_request_that_nothing_hit_has_no_twin(recorded_run: Path) -> None:
    code, _, error = _run(sample.trace_id(0)[:12], "--run", str(recorded_run), "--twin")
    assert code == 1
    assert "its own twin" in str(error)


@pytest.mark.parametrize(
    "words", [("a1", "--twin"), ("a1", "a2", "--run", "x", "--twin"), ("--run", "x", "--twin")]
)
def test_a_twin_needs_a_run_and_one_trace(home: Path, words: tuple[str, ...]) -> None:
    assert _run(*words)[0] == 2


def test_an_unknown_trace_of_a_run_is_told_with_those_that_are_there(recorded_run: Path) -> None:
    code, _, error = _run("ffff", "--run", str(recorded_run))
    assert code == 1
    assert sample.trace_id(5) in str(error)
    assert "several traces" in str(_run("0", "--run", str(recorded_run))[2])
