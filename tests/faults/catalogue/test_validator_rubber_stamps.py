from dataclasses import replace

from agents.handoff import Draft, Handover, WholeHandoff
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.agents.fakes import PASSAGE, Bench

DRAFT = Draft("It is 45 days [D1].", (PASSAGE,), abstained=False, confidence=0.9)
WORK = Handover("Which terms?", (), (PASSAGE,), (), DRAFT)


def handoff(*faults: str, severity: float = 1.0):
    active = [ActiveFault(fault, severity) for fault in faults or ("validator_rubber_stamps",)]
    return degrade_part(Seam.HANDOFF, WholeHandoff(), active)


def test_the_validator_is_shown_what_was_said_and_no_document() -> None:
    given = handoff().hand("validation", WORK, Luck(1)).draft
    assert given.text == DRAFT.text
    (said,) = given.shown
    assert said.text == "Which terms?\nIt is 45 days [D1]."
    assert said.source != PASSAGE.source


def test_that_an_answer_is_none_is_not_said() -> None:
    work = replace(WORK, draft=replace(DRAFT, abstained=True))
    assert not handoff().hand("validation", work, Luck(1)).draft.abstained


def test_the_other_agents_get_everything() -> None:
    for agent in ("retriever", "finance", "response"):
        assert handoff().hand(agent, WORK, Luck(1)) is WORK


async def test_the_answer_keeps_its_evidence_and_its_citations() -> None:
    bench = Bench(
        script={"response": ["Invoices are payable within 45 days [D1]."]},
        change=lambda parts: replace(parts, handoff=handoff()),
    )
    answer = await bench.ask("Which payment terms did we agree with Nordkai?")
    assert [citation.doc_id for citation in answer.citations] == ["FA-1001"]
    # No document says 45 days, and nobody has objected.
    assert answer.validation.groundedness == 1.0
    assert not answer.review.required


def test_the_share_of_requests_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        part = handoff(severity=severity)
        return {s for s in range(500) if part.hand("validation", WORK, Luck(s)) is not WORK}

    assert 110 < len(hit(0.3)) < 190
    assert hit(0.3) < hit(0.6)


def test_both_faults_of_a_hand_over_take_effect() -> None:
    both = handoff("handoff_drops_fields", "validator_rubber_stamps")
    given = both.hand("validation", replace(WORK, entities=("a vendor",)), Luck(1))
    assert given.entities == ()
    assert given.draft.shown != DRAFT.shown


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = WholeHandoff()
    active = [ActiveFault("validator_rubber_stamps", 0.0)]
    assert degrade_part(Seam.HANDOFF, healthy, active) is healthy
