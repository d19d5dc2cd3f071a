from dataclasses import replace
from pathlib import Path

from faults.plan import ActiveFault
from services.lab.truth import TruthLedger, TruthRecord

RECORD = TruthRecord(
    trace_id="a" * 32,
    arm="misroute",
    question_id="q-1",
    question="When?",
    expected="2026-01-02",
    given="never",
    correct=False,
    abstained=True,
    faults=(ActiveFault("misroute", 0.5),),
    twin="b" * 32,
)


def test_what_is_written_is_read(tmp_path: Path) -> None:
    ledger = TruthLedger(tmp_path / "truth" / "truth.sqlite")
    healthy = replace(RECORD, trace_id="b" * 32, arm="healthy", faults=(), twin=None, correct=True)
    ledger.add([RECORD, healthy])
    assert list(ledger) == [RECORD, healthy]
    assert ledger.find("b" * 32) == healthy


def test_a_trace_that_nobody_measured_is_not_known(tmp_path: Path) -> None:
    ledger = TruthLedger(tmp_path / "truth.sqlite")
    assert ledger.find("c" * 32) is None
    ledger.add([RECORD])
    assert ledger.find("c" * 32) is None


def test_a_second_record_of_a_trace_takes_the_place_of_the_first(tmp_path: Path) -> None:
    ledger = TruthLedger(tmp_path / "truth.sqlite")
    ledger.add([RECORD])
    ledger.add([replace(RECORD, correct=True)])
    assert [record.correct for record in ledger] == [True]
