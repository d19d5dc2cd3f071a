import json
from dataclasses import replace

import pytest

from faults.plan import parse_plan
from services.lab.demo import Comparison, compare
from services.lab.evaluate import as_json, report
from services.lab.measure import Arm
from services.lab.silence import silence
from tests.services.lab.fakes import FakeSystem, item

ITEMS = [item(number) for number in range(1, 41)]


async def compared(fault: str = "filter_dropped") -> Comparison:
    return await compare(FakeSystem(), ITEMS, [fault], keep_spans=False)


def with_outcomes(arm: Arm, **changes) -> Arm:
    return replace(arm, outcomes=tuple(replace(o, **changes) for o in arm.outcomes))


async def test_a_report_counts_by_family_and_where_the_part_is_used() -> None:
    comparison = await compared()
    found = report(comparison.degraded[0], comparison)
    assert [(g.name, g.accuracy.value) for g in found.families] == [("even", 0.0), ("odd", 1.0)]
    assert (found.where_used.accuracy.value, found.where_used.accuracy.n) == (0.0, 20)
    assert found.healthy_there.accuracy.value == 1.0
    assert found.lost_there.value == -1.0


async def test_json_names_each_wrong_answer_with_its_trace() -> None:
    arms = json.loads(json.dumps(as_json(await compared()), allow_nan=False))["arms"]
    assert arms[0]["wrong"] == []
    assert len(arms[1]["wrong"]) == 20
    assert all(wrong["trace_id"] for wrong in arms[1]["wrong"])
    assert arms[1]["silence"]["accuracy_apart"] is True


async def steady(fault: str = "filter_dropped") -> tuple[Arm, Arm]:
    comparison = await compared(fault)
    return (
        with_outcomes(comparison.degraded[0], latency_ms=100.0),
        with_outcomes(comparison.healthy, latency_ms=100.0),
    )


async def test_wrong_answers_under_green_lights_are_silent() -> None:
    arm, healthy = await steady()
    assert silence(arm, healthy).silent


async def test_an_arm_without_harm_is_green_and_not_silent() -> None:
    _, healthy = await steady()
    found = silence(replace(healthy, plan=parse_plan(["placebo"])), healthy)
    assert found.green
    assert not found.silent


@pytest.mark.parametrize("loud", [{"status": 500}, {"error_spans": 1}, {"latency_ms": 126.0}])
async def test_a_fault_that_monitoring_sees_is_not_silent(loud) -> None:
    arm, healthy = await steady()
    assert not silence(with_outcomes(arm, **loud), healthy).silent
