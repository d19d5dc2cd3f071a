"""Traces of another application are mapped, learned from and watched on the command line."""

import json
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from observability.recording import SpanRecord, SQLiteRecording
from observability.signals.errors import BadMapping
from services.cli.main import build_app
from services.errors import ServicesError
from tests.other_app import write_lines

RULE = """
title: What is found is less like the question
severity: critical
description: Less similar documents come first.
runbook: Look at the retriever's span.
layer: retrieval
spans: [retrieval]
detector: {{kind: mean, signal: {signal}, direction: down}}
window: {{requests: 10}}
minimum: 5
threshold: {threshold}
examples:
  positive: [{{rows: [{{{signal}: 0.1}}], repeat: 50}}]
  negative: [{{rows: [{{{signal}: 0.9}}], repeat: 50}}]
"""


@pytest.fixture
def rules(tmp_path: Path) -> Path:
    folder = tmp_path / "rules"
    folder.mkdir()
    write_rule(folder, "less_alike", "top1_similarity", "0.7")
    write_rule(folder, "not_grounded", "groundedness", "0.5")
    return folder


def write_rule(folder: Path, name: str, signal: str, threshold: str) -> None:
    text = RULE.format(signal=signal, threshold=threshold)
    (folder / f"{name}.yml").write_text(text, encoding="utf-8")


def call(*arguments: object) -> Result:
    return CliRunner().invoke(build_app(), [str(argument) for argument in arguments])


def test_alarms_on_a_file_of_another_application_say_when_where_and_what_to_look_at(
    tmp_path: Path, rules: Path
) -> None:
    file = write_lines(tmp_path / "theirs.jsonl", 40, worse_from=20)
    options = ("--mapping", "openinference", "--rules", rules)
    found = json.loads(call("detect", file, *options, "--json").stdout)
    (alarm,) = found["alarms"]
    assert found["requests"] == 40  # the health check is none
    assert (alarm["rule"], alarm["severity"], alarm["layer"]) == (
        "less_alike",
        "critical",
        "retrieval",
    )
    assert 20 <= int(alarm["trace_id"], 16) - 1 < 30
    assert alarm["statistic"] > alarm["threshold"] == -0.7
    assert f"trace {alarm['trace_id']}" in alarm["look"]
    assert "groundedness" in found["signals"]["missing"]
    assert {"top1_similarity", "input_tokens", "rerank_correlation", "tool_calls"} <= set(
        found["signals"]["available"]
    )
    assert [(each["rule"], each["signals"]) for each in found["silent_rules"]] == [
        ("not_grounded", ["groundedness"])
    ]
    shown = call("detect", file, *options)
    assert "less_alike" in shown.stdout
    assert "silent: not_grounded: reads groundedness, which no request has" in shown.stderr
    assert "1 alarm in 40 requests: 1 critical" in shown.stderr


def test_without_a_mapping_it_is_said_which_one_seems_to_fit(tmp_path: Path, rules: Path) -> None:
    shown = call("detect", write_lines(tmp_path / "theirs.jsonl", 3), "--rules", rules)
    assert shown.exit_code == 0
    assert "add --mapping openinference" in shown.stderr
    assert "stillgreen rules learn --healthy HEALTHY --mapping openinference" in shown.stderr


def test_a_recorded_run_gives_the_same_alarms_as_its_file(tmp_path: Path, rules: Path) -> None:
    file = write_lines(tmp_path / "theirs.jsonl", 40, worse_from=20)
    options = ("--mapping", "openinference", "--rules", rules, "--json")
    assert call("import", file, "--to", tmp_path / "run").exit_code == 0
    one, other = (
        json.loads(call("detect", place, *options).stdout) for place in (file, tmp_path / "run")
    )
    looks = [found["alarms"][0].pop("look") for found in (one, other)]
    assert len(one.pop("notes")) == len(other.pop("notes")) == 1
    assert looks[1].endswith(f"--run {tmp_path / 'run'}")
    assert one == other


@pytest.mark.parametrize(("severity", "code"), [("warning", 1), ("critical", 1), (None, 0)])
def test_the_exit_code_tells_of_alarms_when_it_is_asked_to(
    tmp_path: Path, rules: Path, severity: str | None, code: int
) -> None:
    file = write_lines(tmp_path / "theirs.jsonl", 40, worse_from=20)
    options = () if severity is None else ("--fail-on", severity)
    shown = call("detect", file, "--mapping", "openinference", "--rules", rules, *options)
    assert shown.exit_code == code


def test_healthy_traffic_does_not_fail(tmp_path: Path, rules: Path) -> None:
    file = write_lines(tmp_path / "theirs.jsonl", 40)
    options = ("--mapping", "openinference", "--rules", rules, "--fail-on", "info")
    shown = call("detect", file, *options)
    assert shown.exit_code == 0
    assert "No alarm in 40 requests" in shown.stderr


def test_thresholds_are_learned_from_another_applications_healthy_traces(tmp_path: Path) -> None:
    folder = tmp_path / "rules"
    folder.mkdir()
    write_rule(folder, "less_alike", "top1_similarity", "learned")
    write_rule(folder, "not_grounded", "groundedness", "learned")
    healthy = write_lines(tmp_path / "healthy.jsonl", 330)
    kept = tmp_path / "theirs.yml"
    names = ("--mapping", "openinference", "--rules", folder)
    taught = call("rules", "learn", "--healthy", healthy, "--to", kept, *names)
    assert kept.is_file(), taught.output
    # What nobody sends is told, and is no failure of the rules that learned.
    assert taught.exit_code == 0, taught.output
    assert "not_grounded: reads groundedness, which no request has" in taught.output
    incident = write_lines(tmp_path / "incident.jsonl", 60, worse_from=30)
    shown = call("detect", incident, "--thresholds", kept, *names, "--json")
    found = json.loads(shown.stdout)
    assert [alarm["rule"] for alarm in found["alarms"]] == ["less_alike"]
    # It could not learn, and the reason is that nobody sends what it reads.
    assert [each["rule"] for each in found["silent_rules"]] == ["not_grounded"]
    assert found["notes"] == []
    # Had the signal other code now, the rule would be at work all the same.
    kept.write_text(re.sub(r"signals: \w+", "signals: 0123456789abcdef", kept.read_text()))
    shown = call("detect", incident, "--thresholds", kept, *names)
    assert re.search(r"theirs\.yml: signals have other code .*: less_alike; run", shown.stderr)
    assert "less_alike" in shown.stdout


def test_a_bad_mapping_names_its_mistakes(tmp_path: Path, rules: Path) -> None:
    (tmp_path / "mine.yml").write_text("describes: x\nsource: y\nspanns: []\n", encoding="utf-8")
    file = write_lines(tmp_path / "theirs.jsonl", 1)
    shown = call("detect", file, "--mapping", tmp_path / "mine.yml", "--rules", rules)
    assert isinstance(shown.exception, BadMapping)
    assert "mine.yml:3: spanns is not a field here; did you mean spans?" in str(shown.exception)


def test_without_a_rule_that_can_run_all_is_not_said_to_be_well(tmp_path: Path) -> None:
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "broken.yml").write_text("title: x\n", encoding="utf-8")
    file = write_lines(tmp_path / "theirs.jsonl", 1)
    shown = call("detect", file, "--rules", tmp_path / "rules")
    assert isinstance(shown.exception, ServicesError)
    assert "broken.yml" in shown.stderr


@pytest.mark.parametrize(
    "arguments", [(), ("run", "--follow"), ("run", "--history"), ("run", "--seconds", "1")]
)
def test_options_that_do_not_go_together_are_refused(arguments: tuple[str, ...]) -> None:
    assert call("detect", *arguments).exit_code == 2


def test_a_recording_that_is_not_there_is_named(tmp_path: Path, rules: Path) -> None:
    shown = call("detect", tmp_path / "nowhere", "--rules", rules)
    assert isinstance(shown.exception, ServicesError)
    assert "nowhere" in str(shown.exception)


def test_live_traffic_is_followed_and_told_in_lines_for_programs(
    tmp_path: Path, rules: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path))
    recording = SQLiteRecording(tmp_path / "recording" / "spans.sqlite")
    for trace in range(1, 21):
        similarity = 0.9 if trace < 10 else 0.2
        recording.add(
            SpanRecord(
                f"{trace:032x}",
                f"{trace:016x}",
                None,
                "app",
                "retrieval docs",
                "INTERNAL",
                trace * 10**9,
                trace * 10**9 + 5,
                "UNSET",
                {
                    "gen_ai.operation.name": "retrieval",
                    "stillgreen.retrieval.top1_similarity": similarity,
                },
            )
        )
    recording.close()
    options = ("--follow", "--history", "--seconds", "0", "--rules", rules)
    shown = call("detect", *options, "--json", "--fail-on", "critical")
    lines = [json.loads(line) for line in shown.stdout.splitlines()]
    assert [line["type"] for line in lines] == ["alarm", "summary"]
    assert lines[0]["look"] == f"stillgreen trace {lines[0]['trace_id']}"
    assert (lines[1]["requests"], lines[1]["by_severity"]["critical"]) == (20, 1)
    assert shown.exit_code == 1
    plain = call("detect", *options)
    assert "critical  less_alike  blames retrieval" in plain.stdout
    assert "1 alarm in 20 requests" in plain.stderr
