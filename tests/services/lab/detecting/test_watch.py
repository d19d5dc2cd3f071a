"""A watch feeds rules, keeps count of alarms, and says why a rule is silent."""

from pathlib import Path

from observability.detectors.rule_set import RuleProblem, RuleSet
from observability.signals.table import signal_table
from services.lab.detecting.detected import detected
from services.lab.detecting.watch import Watch
from tests.services.lab.detecting.fakes import SIGNALS, Above, rule_set, span


def table(*tokens: int | None, first: int = 1):  # type: ignore[no-untyped-def]
    traces = [[span(number, 1, None, count)] for number, count in enumerate(tokens, first)]
    return signal_table(traces, SIGNALS)


def test_alarms_come_in_order_of_time_and_the_worst_first() -> None:
    rules = rule_set(Above("tokens", 10, name="a"), Above("tokens", 10, "critical", name="b"))
    watch = Watch(rules, SIGNALS)
    alarms = watch.feed(table(5, 20, 30))
    assert [(alarm.rule.id, int(alarm.trace_id, 16)) for alarm in alarms] == [
        ("b", 2),
        ("a", 2),
        ("b", 3),
        ("a", 3),
    ]
    assert (alarms[0].statistic, alarms[0].threshold) == (20.0, 10)


def test_requests_that_follow_are_fed_to_the_same_rules() -> None:
    rule = Above("tokens", 10)
    watch = Watch(rule_set(rule), SIGNALS)
    assert watch.feed(table(5)) == []
    assert len(watch.feed(table(20, first=2))) == 1
    assert (watch.requests, rule.seen) == (2, 2)
    assert watch.feed(table()) == []


def test_a_rule_that_reads_what_nobody_sends_is_named_with_the_signal() -> None:
    watch = Watch(rule_set(Above("tokens", 10), Above("confidence", 0)), SIGNALS)
    watch.feed(table(5, 6))
    assert watch.speaking == ("tokens_above",)
    assert (watch.available, watch.missing) == (("tokens",), ("confidence",))
    (silence,) = watch.silences()
    assert (silence.rule, silence.reason, silence.signals) == (
        "confidence_above",
        "no signal",
        ("confidence",),
    )


def test_a_rule_that_fails_is_named_and_the_others_go_on() -> None:
    rules = rule_set(Above("tokens", 10, name="good"), Above("tokens", 10, fails_at=2, name="bad"))
    watch = Watch(rules, SIGNALS)
    watch.feed(table(5))
    assert [alarm.rule.id for alarm in watch.feed(table(20, first=2))] == ["good"]
    (silence,) = watch.silences()
    assert (silence.rule, silence.reason) == ("bad", "failed")
    assert "took too long" in silence.text


def test_a_rule_without_requests_has_nothing_to_say_yet() -> None:
    watch = Watch(rule_set(Above("tokens", 10)), SIGNALS)
    watch.feed(table(None, 5)[:1])
    assert watch.silences()[0].reason == "no signal"
    watch = Watch(RuleSet({"quiet": Above("tokens", float("nan"), name="quiet")}), SIGNALS)
    assert watch.silences()[0].reason == "no signal"  # no request at all has it


def test_of_a_rule_that_could_not_learn_the_missing_signal_is_told_and_not_the_threshold() -> None:
    lacking = Above("confidence", 0, name="lacking")
    other = Above("tokens", 0, name="other")
    problems = tuple(
        RuleProblem(Path(f"{name}.yml"), f"{name}: has not learned its threshold")
        for name in ("lacking", "other")
    )
    watch = Watch(RuleSet({}, problems), SIGNALS)
    watch.feed(table(5))
    found = detected(watch, [], {"lacking": lacking, "other": other})
    assert [(each.rule, each.reason) for each in found.silences] == [("lacking", "no signal")]
    assert [problem.file.stem for problem in found.problems] == ["other"]


def test_severities_and_layers_are_counted() -> None:
    rules = rule_set(Above("tokens", 10, name="a"), Above("tokens", 10, "critical", name="b"))
    watch = Watch(rules, SIGNALS)
    found = detected(watch, watch.feed(table(20)))
    assert found.by_severity == {"critical": 1, "warning": 1, "info": 0}
    assert found.by_layer == {"model": 2}
    assert found.at_least("critical")
    assert not detected(watch, found.alarms[1:]).at_least("critical")
