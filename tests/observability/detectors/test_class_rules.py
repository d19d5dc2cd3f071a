from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import numpy as np
import pytest

from observability.detectors.code import baseline_files, read_code
from observability.detectors.errors import RuleError
from observability.detectors.learning import learn
from observability.detectors.loading import load_rules
from observability.signals.signal import load_signals
from tests.observability.detectors.making import KINDS, SIGNALS, requests, scores

CODE = """
from observability.detectors.rule import RuleInfo

class Low:
    info = RuleInfo(
        id="low", title="Low", severity="info", description="d", runbook="r", layer="retrieval",
        judges=True,
    )

    def update(self, request):
        score = request["top_score"]
        return None if score is None else score < 0.3

    def reset(self):
        pass

RULE = Low()
"""


def file(folder: Path, code: str = CODE, name: str = "low.py") -> Path:
    path = folder / name
    path.write_text(dedent(code))
    return path


def test_a_yes_or_no_becomes_flags_and_alarms(tmp_path: Path) -> None:
    track = read_code(file(tmp_path), KINDS).feed(scores([0.9, 0.1, None, 0.1, 0.9, 0.1]))
    assert track.flagged.tolist() == [False, True, False, True, False, True]
    assert track.alarms == (1, 5)
    assert np.isnan(track.score[2])


def test_a_number_is_compared_with_the_threshold(tmp_path: Path) -> None:
    code = CODE.replace("score < 0.3", "1 - score").replace(
        "    def reset", "    threshold = 0.8\n\n    def reset"
    )
    track = read_code(file(tmp_path, code), KINDS).feed(scores([0.9, 0.1, 0.3]))
    assert track.flagged.tolist() == [False, True, False]
    assert track.alarms == (1,)


def test_a_rule_that_raises_is_named_and_the_others_go_on(tmp_path: Path) -> None:
    file(tmp_path)
    broken = CODE.replace('"low"', '"broken"').replace("score < 0.3", "1 / 0 > score")
    file(tmp_path, broken, "broken.py")
    unknown = CODE.replace('"low"', '"unknown"').replace("top_score", "top_scor")
    file(tmp_path, unknown, "unknown.py")
    rules = load_rules(tmp_path, None, signals=SIGNALS, allow_code=True)
    said = rules.feed(scores([0.1]))
    assert list(said.tracks) == ["low"]
    assert "broken: failed at request 0000" in said.failures["broken"]
    assert "ZeroDivisionError" in said.failures["broken"]
    assert "'top_scor' is no signal" in said.failures["unknown"]


@pytest.mark.parametrize("body", ["raise KeyError('no')", "return ['no']", "raise SystemExit(0)"])
def test_a_rule_that_cannot_learn_is_named_and_the_others_learn(tmp_path: Path, body: str) -> None:
    stubborn = CODE.replace('"low"', '"stubborn"').replace(
        "    def reset", f"    def learn(self, requests):\n        {body}\n\n    def reset"
    )
    taught = CODE.replace("    def reset", "    learn = lambda self, requests: {}\n\n    def reset")
    rules = {
        "stubborn": read_code(file(tmp_path, stubborn, "stubborn.py"), KINDS),
        "low": read_code(file(tmp_path, taught), KINDS),
    }
    learned = learn(rules, [scores([0.9] * 10)], 1.0)
    assert list(learned.rules) == ["low"]
    assert "stubborn: learn() failed" in learned.failures["stubborn"]


def test_a_rule_that_cannot_begin_anew_is_named_and_the_others_do(tmp_path: Path) -> None:
    file(tmp_path)
    once = "if hasattr(self, 'begun'): raise ValueError('once only')\n        self.begun = 1"
    file(tmp_path, CODE.replace('"low"', '"once"').replace("pass", once), "once.py")
    rules = load_rules(tmp_path, None, signals=SIGNALS, allow_code=True)
    rules.reset()
    said = rules.feed(scores([0.1]))
    assert list(said.tracks) == ["low"]
    assert said.failures["once"] == "once: reset() failed: ValueError: once only"


def test_a_rule_that_wants_to_end_the_program_only_fails(tmp_path: Path) -> None:
    file(tmp_path, "raise SystemExit(0)", "ends.py")
    file(
        tmp_path,
        CODE.replace("return None if score is None else score < 0.3", "raise SystemExit(0)"),
    )
    rules = load_rules(tmp_path, None, signals=SIGNALS, allow_code=True)
    (problem,) = rules.problems
    assert "ends.py: cannot be loaded: SystemExit" in problem.message
    assert "low: failed at request" in rules.feed(scores([0.1])).failures["low"]


def test_what_a_rule_prints_does_not_stand_among_the_output(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    spoken = "print('loaded')\n" + CODE.replace(
        "        score =", "        print('fed')\n        score ="
    )
    read_code(file(tmp_path, spoken), KINDS).feed(scores([0.1]))
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.split() == ["loaded", "fed"]


def test_a_signal_that_a_recording_lacks_is_none(tmp_path: Path) -> None:
    track = read_code(file(tmp_path), KINDS).feed(requests({"latency": [1.0]}))
    assert np.isnan(track.statistic).all()


def test_code_is_not_run_unless_it_is_allowed(tmp_path: Path) -> None:
    file(tmp_path, f"open({str(tmp_path / 'ran')!r}, 'w')\n" + CODE)
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert not found.rules
    assert "--allow-code" in found.problems[0].message
    assert not (tmp_path / "ran").exists()


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("def (", "cannot be loaded: SyntaxError"),
        ("import nothing_of_this_name", "ModuleNotFoundError"),
        ("RULE = 3", "has no RULE"),
        (CODE.replace('id="low"', 'id="high"'), "call it 'low'"),
        (CODE.replace('layer="retrieval"', 'layer="soul"'), "layer is one of"),
        (CODE.replace('severity="info"', 'severity="bad"'), "severity is one of"),
        (CODE.replace("pass", "raise ValueError('no')"), "cannot start: ValueError: no"),
    ],
)
def test_a_mistake_in_code_is_told(tmp_path: Path, code: str, said: str) -> None:
    with pytest.raises(RuleError, match=said):
        read_code(file(tmp_path, code), KINDS)


def test_the_baselines_are_the_six_of_the_method() -> None:
    names = {path.stem for path in baseline_files()}
    assert names == {
        "never",
        "always",
        "random",
        "error_status",
        "latency_threshold",
        "answer_length",
    }
    rules = [read_code(path, load_signals()) for path in baseline_files()]
    assert {rule.info.group for rule in rules} == {"baseline"}


def baseline(name: str, seed: int = 1) -> tuple[dict[str, list[float]], object]:
    path = next(path for path in baseline_files() if path.stem == name)
    random = np.random.default_rng(seed)
    healthy = {
        "latency": random.lognormal(0.0, 0.3, 4000).tolist(),
        "answer_length": random.normal(200.0, 40.0, 4000).tolist(),
        "error_spans": [0.0] * 4000,
        "status_code": [200.0] * 4000,
    }
    rule = read_code(path, KINDS)
    learned = learn({name: rule}, [requests(healthy)], 0.02)
    return healthy, rule.with_learned(learned.rules[name])


@pytest.mark.parametrize(
    ("name", "changed"),
    [
        ("latency_threshold", {"latency": 3.0}),
        ("answer_length", {"answer_length": 0.5}),
        ("error_status", {"error_spans": 1.0, "status_code": 1.0}),
    ],
)
def test_a_baseline_finds_what_it_looks_at_and_is_silent_in_health(
    name: str, changed: dict[str, float]
) -> None:
    healthy, rule = baseline(name)
    again, _ = baseline(name, seed=2)
    assert rule.feed(requests(again)).alarms == ()  # type: ignore[attr-defined]
    rule.reset()  # type: ignore[attr-defined]
    worse = {
        signal: [value * changed.get(signal, 1.0) for value in values]
        for signal, values in healthy.items()
    }
    if name == "error_status":
        worse["error_spans"] = [float(n % 10 == 0) for n in range(4000)]
    assert rule.feed(requests(worse)).alarms  # type: ignore[attr-defined]


def test_never_and_always_do_so_and_random_does_as_often_as_it_says() -> None:
    found = {path.stem: read_code(path, KINDS) for path in baseline_files()}
    table = requests({"latency": [1.0] * 20_000})
    assert found["never"].feed(table).alarms == ()
    assert found["always"].feed(table).alarms == (0,)
    track = found["random"].feed(table)
    assert 5 <= len(track.alarms) <= 40
    assert track.alarms == read_code(baseline_files()[-1], KINDS).feed(table).alarms
