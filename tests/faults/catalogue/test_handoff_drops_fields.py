from dataclasses import replace

from agents.handoff import Handover, WholeHandoff
from corpus.luck import Luck
from corpus.ports import Entity
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.agents.fakes import PASSAGE, Bench

WORK = Handover("what?", (Entity("vendor", "V-1001", "Nordkai"),), (PASSAGE,), (PASSAGE,))


def handoff(severity: float = 1.0):
    active = [ActiveFault("handoff_drops_fields", severity)]
    return degrade_part(Seam.HANDOFF, WholeHandoff(), active)


def test_the_entities_are_lost_and_all_else_is_kept() -> None:
    assert handoff().hand("finance", WORK, Luck(1)) == replace(WORK, entities=())


def test_a_request_that_is_hit_loses_them_at_every_agent_and_the_share_does_not_swap() -> None:
    def hit(severity: float, agent: str) -> set[int]:
        part = handoff(severity)
        return {s for s in range(500) if part.hand(agent, WORK, Luck(s)) != WORK}

    assert 110 < len(hit(0.3, "finance")) < 190
    assert hit(0.3, "finance") == hit(0.3, "retriever")
    assert hit(0.3, "finance") < hit(0.6, "finance")


async def test_the_search_runs_without_what_the_question_is_about() -> None:
    bench = Bench(change=lambda parts: replace(parts, handoff=handoff()))
    await bench.ask("Which payment terms did we agree with Nordkai?")
    assert bench.search.queries[0].entities == ()
    assert bench.span("stillgreen.intent").attributes["stillgreen.entity.count"] == 1
    retriever = bench.span("invoke_agent retriever").attributes
    assert retriever["stillgreen.handoff.entities"] == 0


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = WholeHandoff()
    active = [ActiveFault("handoff_drops_fields", 0.0)]
    assert degrade_part(Seam.HANDOFF, healthy, active) is healthy
