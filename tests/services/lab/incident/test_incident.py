from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from faults.errors import UnknownFault
from faults.fault import Kind, Layer
from faults.registry import catalogue
from observability.recording.records import SpanRecord, TruthRecord
from observability.recording.run_folder import RunFolder
from services.lab.incident.errors import IncidentError
from services.lab.incident.hiding import ARM, candidates, hidden_scenario
from services.lab.incident.revealing import telling_pair
from services.lab.incident.scoring import (
    Answer,
    Hidden,
    agents,
    check_answer,
    hidden_in,
    layer_named,
    score,
)
from services.lab.runs.scenario import Arm, FaultUse, Scenario
from services.lab.runs.scenario_file import dump_scenario
from tests.services.lab.runs.fakes import spans

HIDDEN = Hidden("filter_dropped", 0.8, Layer.RETRIEVAL, 20.0, ("retriever", "finance"), 30, 12)
SCENARIO = Scenario(
    arms={ARM: Arm(faults=(FaultUse(id="filter_dropped", severity=0.8, onset=1200.0),))}
)


def truth(number: int, *, correct: bool, abstained: bool = False) -> TruthRecord:
    return TruthRecord(
        trace_id=f"{number:032x}",
        arm=ARM,
        question_id="q",
        family="due_date",
        wording="w1",
        question="When is it due?",
        expected="2026-05-04",
        given="2026-06-04",
        correct=correct,
        abstained=abstained,
        number=number,
        faults={"filter_dropped": 0.8},
        receipts={"filter_dropped": "impacted"},
        twin=f"{number + 100:032x}",
        twin_correct=True,
        culprit_agent="retriever",
    )


def recording(path: Path, scenario: Scenario, records: Sequence[TruthRecord]) -> RunFolder:
    folder = RunFolder.create(path / "run", "r", {"stillgreen": "1"})
    folder.seal(dump_scenario(scenario), scenario.seed, list(scenario.arms))
    here = [_of(record.trace_id, filtered=False) for record in records]
    twins = [_of(str(record.twin), filtered=True) for record in records]
    folder.write_block(
        0, [s for each in here for s in each], [], [], records, [s for each in twins for s in each]
    )
    folder.finish("complete")
    return folder


def _of(trace_id: str, filtered: bool) -> list[SpanRecord]:
    return [replace(span, trace_id=trace_id) for span in spans(filtered)]


def test_a_seed_hides_the_same_thing_every_time() -> None:
    assert hidden_scenario(5) == hidden_scenario(5)
    assert len({str(hidden_scenario(seed).arms) for seed in range(40)}) > 20


def test_only_silent_faults_that_spoil_answers_hide() -> None:
    assert "filter_dropped" in candidates()
    assert all(catalogue().get(each).kind is Kind.SILENT for each in candidates())
    for seed in range(100):
        (use,) = hidden_scenario(seed).arms[ARM].faults
        assert 600 <= use.onset <= 2700
        assert use.severity >= 0.6


def test_a_right_answer_has_all_points() -> None:
    given = Answer("retrieval", "retriever", "filter_dropped", 21.0)
    assert score(given, HIDDEN).total == 100


def test_each_part_is_scored_by_itself() -> None:
    assert score(Answer(layer="data"), HIDDEN).total == 0
    assert score(Answer(layer="retrieval", fault="misroute"), HIDDEN).total == 30
    assert score(Answer(agent="finance"), HIDDEN).total == 0


def test_an_onset_loses_points_with_its_distance() -> None:
    points = [score(Answer(onset=minute), HIDDEN).points["onset"] for minute in (20, 25, 30, 40)]
    assert points == sorted(points, reverse=True)
    assert (points[0], points[-1]) == (20, 0)


def test_a_layer_may_be_named_by_its_beginning() -> None:
    assert layer_named("Context") is Layer.CONTEXT
    with pytest.raises(IncidentError, match="the layers are"):
        layer_named("network")


@pytest.mark.parametrize(
    ("given", "says"),
    [
        (Answer(layer="network"), "the layers are"),
        (Answer(agent="retriver"), "the agents are supervisor, finance"),
        (Answer(fault="filter_droped"), "did you mean filter_dropped"),
    ],
)
def test_an_answer_that_names_what_does_not_exist_is_refused_and_not_scored(
    given: Answer, says: str
) -> None:
    with pytest.raises((IncidentError, UnknownFault), match=says):
        check_answer(given)


def test_what_exists_may_be_answered() -> None:
    for agent in agents():
        check_answer(Answer("model", agent, "misroute", 3.0))


def test_what_hides_is_read_from_the_sealed_part(tmp_path: Path) -> None:
    records = [truth(1, correct=False), truth(2, correct=True)]
    hidden = hidden_in(recording(tmp_path, SCENARIO, records))
    assert (hidden.fault, hidden.onset, hidden.agents) == ("filter_dropped", 20.0, ("retriever",))
    assert (hidden.impacted, hidden.spoiled) == (2, 1)


def test_a_run_without_a_hidden_fault_is_no_incident(tmp_path: Path) -> None:
    folder = recording(tmp_path, Scenario(arms={"healthy": Arm()}), [])
    with pytest.raises(IncidentError, match="--blind"):
        hidden_in(folder)


def test_the_pair_that_tells_most_is_a_wrong_answer_that_was_given(tmp_path: Path) -> None:
    records = [
        truth(1, correct=True),
        truth(2, correct=False, abstained=True),
        truth(3, correct=False),
    ]
    pair = telling_pair(recording(tmp_path, SCENARIO, records))
    assert pair is not None
    assert pair.truth.number == 3
    assert pair.divergence is not None
    assert pair.divergence.layer == "retrieval"
