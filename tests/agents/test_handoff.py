from __future__ import annotations

from dataclasses import replace

from agents.handoff import Handover, WholeHandoff
from corpus.luck import Luck
from tests.agents.fakes import PASSAGE, Bench, choice

QUESTION = "Was INV-2026-0133 billed as Nordkai agreed?"


class KeepsRecordsBack:
    def __init__(self) -> None:
        self.asked: list[str] = []

    def hand(self, agent: str, handover: Handover, luck: Luck) -> Handover:
        self.asked.append(agent)
        return replace(handover, records=())


def test_a_whole_handoff_hands_on_the_very_same_work() -> None:
    handover = Handover("why?", (), (PASSAGE,))
    assert WholeHandoff().hand("response", handover, Luck(1)) is handover


async def test_each_agent_says_what_it_was_given() -> None:
    bench = Bench(script={"supervisor": [choice("route", "documents_and_ledger")]})
    await bench.ask(QUESTION)
    given = {
        agent: tuple(
            bench.span(f"invoke_agent {agent}").attributes[f"stillgreen.handoff.{what}"]
            for what in ("entities", "passages", "records")
        )
        for agent in ("retriever", "finance", "response", "validation")
    }
    assert given == {
        "retriever": (2, 0, 0),
        "finance": (2, 1, 0),
        "response": (2, 1, 1),
        "validation": (2, 1, 1),
    }
    validation = bench.span("invoke_agent validation").attributes
    assert list(validation["stillgreen.handoff.evidence"]) == ["tool:get_invoice", "FA-1001"]
    assert "stillgreen.handoff.evidence" not in bench.span("invoke_agent response").attributes


async def test_what_is_not_handed_over_is_not_seen() -> None:
    handoff = KeepsRecordsBack()
    bench = Bench(
        script={"supervisor": [choice("route", "documents_and_ledger")]},
        change=lambda parts: replace(parts, handoff=handoff),
    )
    await bench.ask(QUESTION)
    assert handoff.asked == ["retriever", "finance", "response", "validation"]
    (asked,) = bench.model.asked["response"]
    assert "FA-1001" in asked.messages[-1].content
    assert "tool:get_invoice" not in asked.messages[-1].content
