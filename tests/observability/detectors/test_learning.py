from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from observability.detectors.errors import ThresholdsError
from observability.detectors.learning import block_maxima, gumbel_threshold, learn
from observability.detectors.loading import THRESHOLDS, load_rules
from observability.detectors.thresholds import (
    SHIPPED_THRESHOLDS,
    read_thresholds,
    write_thresholds,
)
from observability.signals.signal import load_signals
from tests.observability.detectors.making import SIGNALS, scores, whole, yaml_rule

EWMA = "detector: {kind: ewma, signal: top_score}\nthreshold: learned\n"
SHARE = "condition: top_score < -2\nwindow: {requests: 50}\nshare: learned\n"


def normal(seed: int, count: int) -> np.ndarray:
    return np.random.default_rng(seed).normal(0.0, 1.0, count)


def test_the_threshold_of_gumbel_maxima_is_their_quantile() -> None:
    maxima = np.random.default_rng(1).gumbel(10.0, 2.0, 20_000)
    found = gumbel_threshold(maxima, 0.01)
    assert found == pytest.approx(10.0 - 2.0 * np.log(0.01), rel=0.02)


def test_a_threshold_is_above_what_healthy_blocks_reached_unless_the_budget_allows_it() -> None:
    maxima = np.asarray([1.0] * 40 + [50.0])  # no Gumbel law gives this
    assert gumbel_threshold(maxima, 0.001) > 50
    assert gumbel_threshold(maxima, 2 / 41) < 50


def test_block_maxima_leave_out_blocks_without_a_value() -> None:
    statistic = np.asarray([1, 3, np.nan, np.nan, 2, np.nan, 9.0])
    assert block_maxima(statistic, 2).tolist() == [3, 2]


@pytest.mark.parametrize("body", [EWMA, SHARE], ids=["ewma", "share"])
def test_false_alarms_on_other_healthy_requests_are_within_the_budget(body: str) -> None:
    budget = 2.0
    rule = yaml_rule(body)
    learned = learn({"rule": rule}, [scores(normal(1, 20_000))], budget).rules["rule"]
    ready = rule.with_learned(learned)
    track = ready.feed(scores(normal(2, 50_000)))
    # 100 are allowed; fewer than 130 is within what chance does with so many.
    assert len(track.alarms) < 130
    assert len(track.alarms) > 5  # nor is it bought by never saying anything


def test_the_budget_is_divided_among_the_rules_that_learn() -> None:
    healthy = [scores(normal(1, 3000))]
    alone = learn({"a": yaml_rule(EWMA)}, healthy, 1.0).rules["a"].threshold
    several = {name: yaml_rule(EWMA) for name in "abcd"}
    fixed = {"fixed": yaml_rule("condition: top_score < 0")}
    among = learn({**several, **fixed}, healthy, 1.0).rules
    fourth = learn({"a": yaml_rule(EWMA)}, healthy, 0.25).rules["a"].threshold
    assert alone is not None
    assert among["a"].threshold == fourth
    assert fourth is not None
    assert fourth > alone
    assert "fixed" not in among


def test_a_statistic_that_never_moved_gets_a_floor() -> None:
    rule = yaml_rule("condition: top_score < -2\nwindow: {requests: 50}\nshare: learned")
    learned = learn({"rule": rule}, [scores(np.zeros(1000))], 1.0).rules["rule"]
    assert learned.threshold == pytest.approx(2 / 50)


def test_how_much_one_day_differs_from_another_is_learned_too() -> None:
    # Every stretch has a level of its own, as days have.
    levels = np.random.default_rng(5).normal(0.0, 0.4, 40)
    days = [scores(normal(n, 600) + level) for n, level in enumerate(levels)]
    rule = yaml_rule(EWMA)
    ready = rule.with_learned(learn({"rule": rule}, days[:4], 1.0).rules["rule"])
    alarms = 0
    for day in days[8:]:
        ready.reset()
        alarms += len(ready.feed(day).alarms)
    assert alarms <= 32 * 600 / 1000


def test_stretches_are_learned_from_apart() -> None:
    rule = yaml_rule("score: top_score\nthreshold: learned")
    short = [scores(normal(seed, 99)) for seed in range(20)]
    failure = learn({"rule": rule}, short, 1.0).failures["rule"]
    assert "0 blocks of 100, and 3 are needed" in failure


def test_a_rule_without_enough_to_learn_from_is_named_and_others_learn() -> None:
    rules = {
        "rare": yaml_rule("where: top_score > 100\n" + EWMA),
        "fine": yaml_rule(EWMA),
    }
    found = learn(rules, [scores(normal(1, 1000))], 1.0)
    assert list(found.rules) == ["fine"]
    assert list(found.failures) == ["rare"]


def test_a_budget_of_nothing_is_refused() -> None:
    with pytest.raises(ThresholdsError, match="above 0"):
        learn({}, [], 0.0)


def test_what_was_learned_reads_back_as_it_was(tmp_path: Path) -> None:
    rules = {
        "ks": yaml_rule(
            "detector: {kind: ks, signal: top_score}\nwindow: {requests: 50}\nthreshold: learned"
        ),
        "share": yaml_rule(SHARE),
    }
    found = learn(rules, [scores(normal(1, 2000))], 1.0)
    write_thresholds(found, tmp_path / "t.yml")
    back = read_thresholds(tmp_path / "t.yml")
    assert back.requests == 2000
    assert back.budget_per_1000 == 1.0
    for name, learned in found.rules.items():
        assert back.rules[name].threshold == learned.threshold
        assert back.rules[name].digest == learned.digest
        reference = back.rules[name].reference
        assert reference is not None
        assert learned.reference is not None
        assert reference.quantiles == pytest.approx(learned.reference.quantiles, rel=1e-6)


def test_a_rule_says_the_same_with_what_it_learned_and_with_what_was_kept_of_it(
    tmp_path: Path,
) -> None:
    # Many requests share a few values, whose last digits no rounding keeps.
    few = np.sqrt(np.arange(2.0, 9.0))
    healthy = scores(np.random.default_rng(1).choice(few, 2000))
    rule = yaml_rule(
        "detector: {kind: ks, signal: top_score}\nwindow: {requests: 100}\nthreshold: learned\n"
    )
    learned = learn({"rule": rule}, [healthy], 1.0)
    write_thresholds(learned, tmp_path / THRESHOLDS)
    kept = read_thresholds(tmp_path / THRESHOLDS).rules["rule"]
    once = rule.with_learned(learned.rules["rule"]).feed(healthy)
    again = rule.with_learned(kept).feed(healthy)
    assert np.array_equal(once.statistic, again.statistic, equal_nan=True)
    assert once.alarms == again.alarms


def test_a_rule_that_has_not_learned_is_left_out_and_the_command_is_named(tmp_path: Path) -> None:
    (tmp_path / "rule.yml").write_text(whole(EWMA))
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert not found.rules
    assert "has not learned" in found.problems[0].message
    assert f"stillgreen rules learn --healthy RUN --budget 1 --rules {tmp_path}" in (
        found.problems[0].message
    )


def test_a_rule_that_was_changed_since_it_learned_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "rule.yml"
    path.write_text(whole(EWMA))
    learned = learn({"rule": yaml_rule(EWMA)}, [scores(normal(1, 1000))], 1.0)
    write_thresholds(learned, tmp_path / THRESHOLDS)
    assert list(load_rules(tmp_path, None, signals=SIGNALS).rules) == ["rule"]
    path.write_text(whole(EWMA).replace("title: A rule", "title: Another word for it"))
    assert list(load_rules(tmp_path, None, signals=SIGNALS).rules) == ["rule"]
    path.write_text(whole(EWMA + "minimum: 50\n"))
    (problem,) = load_rules(tmp_path, None, signals=SIGNALS).problems
    assert "was changed since it learned" in problem.message


@pytest.mark.parametrize(
    ("kept", "told"), [("signals: 0123456789abcdef", True), ("", False), (None, False)]
)
def test_a_rule_whose_signals_have_other_code_than_it_learned_from_runs_and_is_told(
    tmp_path: Path, kept: str | None, told: bool
) -> None:
    (tmp_path / "rule.yml").write_text(whole(EWMA))
    learned = learn({"rule": yaml_rule(EWMA)}, [scores(normal(1, 1000))], 1.0)
    write_thresholds(learned, tmp_path / THRESHOLDS)
    if kept is not None:
        text = (tmp_path / THRESHOLDS).read_text()
        now = f"signals: {learned.rules['rule'].signals}"
        assert now in text
        (tmp_path / THRESHOLDS).write_text(text.replace(f"    {now}\n", f"    {kept}\n"))
    found = load_rules(tmp_path, None, signals=SIGNALS)
    assert list(found.rules) == ["rule"]
    assert not found.problems
    assert [
        "rule; run `stillgreen rules learn" in note and str(tmp_path) in note
        for note in found.notes
    ] == [True] * told


def test_the_shipped_rules_learned_from_the_signals_as_they_are() -> None:
    found = load_rules(None, None, signals=load_signals(), baselines=True)
    assert found.notes == (), "learn the shipped thresholds again, or show that no value moved"
    kept = read_thresholds(SHIPPED_THRESHOLDS).rules
    assert all(learned.signals for learned in kept.values())


def test_a_file_of_thresholds_that_is_broken_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "t.yml"
    for text in ("requests: x\n", "[", "- 1\n"):
        path.write_text(text)
        with pytest.raises(ThresholdsError, match="make it anew with `stillgreen rules learn"):
            read_thresholds(path)
