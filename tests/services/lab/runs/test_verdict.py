import math

import pytest

from services.lab.runs.facts import Fact
from services.lab.runs.scenario import Scenario
from services.lab.runs.scenario_file import load_scenario
from services.lab.runs.summary import deviation_text
from services.lab.runs.tally import measure
from services.lab.runs.verdict import judge
from tests.services.lab.runs.fakes import fact


def scenario(measured: str = "accuracy", low: float | None = 0.8, high: float | None = 1.0):
    return Scenario.model_validate(
        {
            "traffic": {"duration": "30m"},
            "arms": {"a": {}, "b": {}},
            "steady_state": {
                "title": "All is well",
                "window": "10m",
                "probes": [
                    {"name": "probe", "measure": measured, "tolerance": {"range": [low, high]}}
                ],
            },
        }
    )


def minutes(first: int, last: int, **changes: object):
    return [fact(minute / 10, **changes) for minute in range(first * 10, last * 10)]


def test_what_stays_within_its_tolerance_is_kept() -> None:
    verdict = judge(scenario(), minutes(0, 30))
    assert verdict is not None
    assert (verdict.verdict, verdict.deviations) == ("kept", ())


def test_a_deviation_names_arm_window_and_probe() -> None:
    facts = [*minutes(0, 20), *minutes(20, 30, correct=False), *minutes(0, 30, arm="b")]
    verdict = judge(scenario(), facts)
    assert verdict is not None
    assert verdict.kept == {"a": False, "b": True}
    (deviation,) = verdict.deviations
    assert (deviation.arm, deviation.begins, deviation.ends) == ("a", 1200, 1800)
    assert deviation_text(deviation).startswith("a, 20m to 30m: probe: accuracy is 0 ")


def test_few_requests_prove_nothing() -> None:
    verdict = judge(scenario(), [fact(1, correct=False), fact(2)])
    assert verdict is not None
    assert verdict.verdict == "kept"


def test_a_session_that_ends_late_belongs_to_the_last_window() -> None:
    verdict = judge(scenario(), minutes(29, 40, correct=False))
    assert verdict is not None
    assert [deviation.begins for deviation in verdict.deviations] == [1200]


def test_an_open_side_lets_everything_through() -> None:
    slow = minutes(0, 30, latency_ms=9_000.0)
    kept = judge(scenario("latency_p95_ms", 0.0, None), slow)
    deviated = judge(scenario("latency_p95_ms", None, 5_000.0), slow)
    assert kept is not None and deviated is not None  # noqa: PT018
    assert (kept.verdict, deviated.verdict) == ("kept", "deviated")


def test_without_a_hypothesis_there_is_no_verdict() -> None:
    assert judge(Scenario.model_validate({"arms": {"a": {}}}), minutes(0, 1)) is None


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("error_rate", 0.0),
        ("review_rate", 0.0),
        ("abstention_rate", 0.0),
        ("latency_p50_ms", 1000.0),
        ("tokens", 100.0),
        ("cost_usd", 0.001),
        ("groundedness", 1.0),
        ("top1_similarity", 0.8),
    ],
)
def test_each_measure_can_be_taken(name: str, value: float) -> None:
    assert measure(name, minutes(0, 1)).value == pytest.approx(value)
    assert math.isnan(measure(name, []).value)


def _an_hour(arm: str, right_until: float) -> list[Fact]:
    """Return ten requests a minute: 99 of 100 right at first, 76 of 100 later."""
    return [
        fact(n / 10, arm=arm, correct=n % 100 >= (1 if n / 10 < right_until else 24))
        for n in range(600)
    ]


def test_the_shipped_incident_deviates_from_its_onset_on() -> None:
    verdict = judge(load_scenario("chunks_tiny_at_minute_20"), _an_hour("incident", 20))
    assert verdict is not None
    assert [one.begins / 60 for one in verdict.deviations] == [20, 30, 40, 50]


@pytest.mark.parametrize(
    ("name", "arm"), [("healthy_hour", "healthy"), ("placebo_hour", "placebo")]
)
def test_an_hour_that_is_as_right_as_was_measured_is_kept(name: str, arm: str) -> None:
    verdict = judge(load_scenario(name), _an_hour(arm, 60))
    assert verdict is not None
    assert verdict.verdict == "kept"
