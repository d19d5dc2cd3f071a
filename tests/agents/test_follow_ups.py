from __future__ import annotations

from tests.agents.fakes import Bench, choice


async def test_a_follow_up_question_is_about_the_same_invoice() -> None:
    bench = Bench()
    await bench.ask("What is the status of INV-2026-0133?", session_id="s")
    await bench.ask("And when was it paid?", session_id="s")
    query = bench.search.queries[-1]
    assert [entity.id for entity in query.entities] == ["INV-2026-0133"]
    assert query.text == "And when was it paid (INV-2026-0133)?"


async def test_another_session_remembers_nothing_of_it() -> None:
    bench = Bench()
    await bench.ask("What is the status of INV-2026-0133?", session_id="s")
    await bench.ask("And when was it paid?", session_id="t")
    assert not bench.search.queries[-1].entities


async def test_the_vendor_of_a_record_that_was_looked_up_can_be_asked_about_next() -> None:
    bench = Bench(script={"supervisor": [choice("route", "lookup"), choice("route", "documents")]})
    await bench.ask("What is the status of INV-2026-0133?", session_id="s")
    await bench.ask("Which payment terms did we agree with them?", session_id="s")
    assert [entity.id for entity in bench.search.queries[-1].entities] == ["V-1001"]
