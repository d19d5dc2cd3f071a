import math
import tracemalloc
from pathlib import Path

import pytest

from corpus.luck import Luck
from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.run_folder import RunFolder
from services.lab.runs.scenario import Scenario
from services.lab.runs.summary import RunSummary, summarise
from tests.services.lab.runs.fakes import START

SCENARIO = Scenario.model_validate(
    {
        "arms": {"a": {"faults": [{"id": "rerank_inverted"}]}},
        "steady_state": {
            "window": "10m",
            "probes": [{"name": "p", "measure": "accuracy", "tolerance": {"range": [0.9, 1]}}],
        },
    }
)


def truth(number: int, **changes: object) -> TruthRecord:
    plain = {
        "trace_id": f"{number + 1:032x}",
        "arm": "a",
        "question_id": "q",
        "family": "f",
        "wording": "w1",
        "question": "?",
        "expected": "1",
        "given": "1",
        "correct": True,
        "abstained": False,
        "number": number,
        "faults": {"rerank_inverted": 1.0},
        "receipts": {"rerank_inverted": "applied"},
        "twin": f"{number + 1:032x}",
        "twin_correct": True,
    }
    return TruthRecord(**{**plain, **changes})  # type: ignore[arg-type]


def recorded(path: Path, *blocks: list[TruthRecord]) -> RunFolder:
    folder = RunFolder.create(path, "r", {"stillgreen": "1"})
    for number, records in enumerate(blocks):
        spans = [
            SpanRecord(
                one.trace_id,
                "1" * 16,
                None,
                "gateway",
                "POST /v1/ask",
                "SERVER",
                START + one.number * 10**8,
                START + one.number * 10**8 + 10**9,
                "UNSET",
                {"http.response.status_code": 200},
            )
            for one in records
        ]
        folder.write_block(number, spans, truth=records)
    folder.finish("complete")
    return folder


def summary(path: Path, *records: TruthRecord) -> RunSummary:
    half = len(records) // 2
    return summarise(recorded(path, list(records[:half]), list(records[half:])), SCENARIO)


def test_what_luck_alone_changes_stands_beside_what_the_fault_changes(tmp_path: Path) -> None:
    impacted = {"receipts": {"rerank_inverted": "impacted"}, "correct": False}
    records = [
        truth(0, **impacted, culprit_layer="retrieval"),
        truth(1, **impacted, culprit_layer="model", luck_differs=False, luck_correct=True),
        truth(2, luck_differs=True, luck_correct=False),
        truth(3, luck_differs=True, luck_correct=True),
        truth(4, receipts={"rerank_inverted": "not_selected"}, luck_differs=True, faults={}),
    ]
    (arm,) = summary(tmp_path / "run", *records).arms
    (fault,) = arm.faults
    assert (fault.impacted.value, fault.impacted.n) == (0.5, 4)
    assert (fault.by_luck.value, fault.by_luck.n) == (pytest.approx(2 / 3), 3)
    assert fault.to_wrong_by_luck.value == pytest.approx(1 / 3)
    assert (fault.to_wrong.value, fault.to_right.value) == (0.5, 0.0)
    assert (fault.layer_agrees.value, fault.layer_agrees.n) == (0.5, 2)
    assert fault.layers == {"model": 1, "retrieval": 1}
    assert fault.counts == {"applied": 2, "impacted": 2, "not_selected": 1}
    assert (arm.requests, arm.under_fault.value, arm.same_healthy.value) == (5, 0.5, 1.0)
    assert arm.figures["latency_p50_ms"].value == 1000.0


def test_without_a_second_luck_its_rates_are_undefined(tmp_path: Path) -> None:
    (arm,) = summary(tmp_path / "run", truth(0), truth(1)).arms
    assert math.isnan(arm.faults[0].by_luck.value)


def test_the_verdict_goes_over_all_blocks(tmp_path: Path) -> None:
    wrong = summary(tmp_path / "run", *(truth(n, correct=n < 30) for n in range(60)))
    assert wrong.steady_state is not None
    (deviation,) = wrong.steady_state.deviations
    assert (deviation.found.value, deviation.found.n) == (0.5, 60)


def test_memory_does_not_grow_with_the_number_of_blocks(tmp_path: Path) -> None:
    peaks = []
    for blocks in (2, 12):
        records = [
            [truth(1000 * block + n, question=f"{Luck(n).seed}" * 20) for n in range(200)]
            for block in range(blocks)
        ]
        folder = recorded(tmp_path / f"run-{blocks}", *records)
        del records
        tracemalloc.start()
        summarise(folder, SCENARIO)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < 1.5 * peaks[0]
