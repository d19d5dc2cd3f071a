import json

import pytest
from rich.console import Console

from services.cli._comparison import comparison_tables, story_text, trace_commands
from services.lab.demo import as_json, compare, truth_of
from services.lab.errors import HealthyArmFailed
from services.lab.truth import TruthLedger
from tests.services.lab.fakes import FakeSystem, item

ITEMS = [item(number) for number in range(1, 11)]


async def test_the_told_question_goes_from_right_to_wrong_and_parts_at_the_filter() -> None:
    comparison = await compare(FakeSystem(), ITEMS, ["filter_dropped"])
    story = comparison.story
    assert story is not None
    assert story.healthy.correct
    assert not story.degraded.correct
    assert [step.stage for step in story.steps if step.parts_here] == ["search space"]
    assert next(s for s in story.steps if s.stage == "routing").same


async def test_nothing_is_told_when_no_answer_turns() -> None:
    comparison = await compare(FakeSystem(), [item(1), item(3)], ["filter_dropped"])
    assert comparison.story is None


async def test_an_application_that_answers_nothing_is_an_error_and_no_comparison() -> None:
    system = FakeSystem(failing=frozenset(range(20)))
    with pytest.raises(HealthyArmFailed, match="503"):
        await compare(system, ITEMS, ["filter_dropped"])


async def test_truth_names_fault_and_twin_for_the_degraded_arm_alone() -> None:
    comparison = await compare(FakeSystem(), ITEMS, ["filter_dropped=0.5"])
    records = truth_of(comparison)
    healthy, degraded = records[:10], records[10:]
    assert all(record.twin is None and record.faults == () for record in healthy)
    assert [record.twin for record in degraded] == [record.trace_id for record in healthy]
    assert {fault.severity for record in degraded for fault in record.faults} == {0.5}


async def test_json_holds_every_outcome_and_no_number_that_is_none() -> None:
    comparison = await compare(FakeSystem(), ITEMS, ["filter_dropped"])
    text = json.dumps(as_json(comparison), allow_nan=False)
    arms = json.loads(text)["arms"]
    assert [arm["arm"] for arm in arms] == ["healthy", "filter_dropped"]
    assert len(arms[1]["outcomes"]) == 10
    assert arms[1]["accuracy_where_used"]["value"] == 0.0
    assert arms[1]["healthy_accuracy_there"]["value"] == 1.0
    assert arms[1]["measures"]["accuracy"]["shift"]["high"] < 0


async def test_both_tables_and_the_story_can_be_drawn(tmp_path) -> None:
    comparison = await compare(FakeSystem(), ITEMS, ["filter_dropped"])
    console = Console(record=True, width=120)
    console.print(comparison_tables(comparison))
    assert comparison.story is not None
    console.print(story_text(comparison.story))
    text = console.export_text()
    assert "200 × 10" in text
    assert "50.0 %" in text
    assert "no filter: all 50 chunks are searched" in text


def test_both_traces_can_be_opened_by_a_command_that_fits_on_one_line() -> None:
    lines = trace_commands("a" * 32, "b" * 32).splitlines()
    assert f"stillgreen trace {'a' * 32} {'b' * 32}" in lines


async def test_the_truth_of_a_comparison_fits_into_the_ledger(tmp_path) -> None:
    records = truth_of(await compare(FakeSystem(), ITEMS, ["misroute"]))
    ledger = TruthLedger(tmp_path / "truth.sqlite")
    ledger.add(records)
    assert list(ledger) == records
