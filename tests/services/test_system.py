"""The whole application in one process: one answer, its trace, and the same again."""

from __future__ import annotations

import math
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any, TypeVar

import pytest

from corpus.luck import Luck
from faults.plan import FaultPlan, parse_plan
from observability.recording import SpanRecord
from services.client import GatewayError, Question, ask
from services.identity import Identity
from services.settings import Settings
from services.virtual_time import VirtualClock, run_virtual
from services.wiring import System, build_system
from tests.observability.contract import assert_contract

T = TypeVar("T")

START = 1_782_813_600_000_000_000


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("home")


def _run(
    home: Path, work: Callable[[System], Coroutine[Any, Any, T]], plan: FaultPlan | None = None
) -> T:
    settings = Settings(home=home, vendors=2, invoices=6)

    async def run() -> T:
        identity = Identity(seed=lambda: 5, request_id=lambda: "req-5", run="test")
        async with build_system(
            settings, VirtualClock(START), plan or FaultPlan(), identity=identity
        ) as system:
            return await work(system)

    return run_virtual(run(), START)


async def _answer(system: System) -> tuple[dict[str, Any], list[SpanRecord]]:
    invoice = system.foundation.ledger.invoices()[0]
    answer = await ask(system.client, Question(f"When is invoice {invoice.id} due?", seed=11))
    return answer, sorted(system.spans(answer["trace_id"]), key=lambda s: (s.start_ns, s.span_id))


def test_a_question_is_answered_and_every_hop_has_its_two_spans(home: Path) -> None:
    answer, spans = _run(home, _answer)
    assert answer["answer"]
    by_id = {span.span_id: span for span in spans}
    servers = [span for span in spans if span.kind == "SERVER"]
    assert {span.service for span in servers} >= {"stillgreen-gateway", "stillgreen-llm"}
    for server in servers:
        if server.parent_id is not None:
            assert by_id[server.parent_id].kind == "CLIENT"
    assert [span.name for span in servers if span.parent_id is None] == ["POST /v1/ask"]
    assert {span.status for span in spans} == {"UNSET"}
    assert_contract(spans)


def test_a_record_that_is_not_there_is_an_answer_and_no_error(home: Path) -> None:
    async def unknown(system: System) -> list[SpanRecord]:
        asked = Question("What is the gross total of invoice INV-2026-8888?", seed=3)
        return list(system.spans((await ask(system.client, asked))["trace_id"]))

    spans = _run(home, unknown)
    assert 404 in {span.attributes.get("http.response.status_code") for span in spans}
    assert {span.status for span in spans} == {"UNSET"}


def test_the_same_seed_gives_the_same_answer_and_the_same_spans(home: Path) -> None:
    assert _run(home, _answer) == _run(home, _answer)


def test_a_placebo_changes_neither_answer_nor_spans(home: Path) -> None:
    assert _run(home, _answer, parse_plan(["placebo"])) == _run(home, _answer)


def test_the_plan_in_force_decides_the_parts(home: Path) -> None:
    async def predicates(system: System) -> list[object]:
        found: list[object] = []
        for plan in (FaultPlan(), parse_plan(["filter_dropped"])):
            system.plan.plan = plan
            assert system.searching is not None
            engine = system.searching.engine("finance", Luck(1))
            found.append(type(engine.parts.filter).__name__)
        return found

    healthy, degraded = _run(home, predicates)
    assert healthy == "EntityFilter"
    assert degraded != healthy


def test_everything_is_ready_and_a_random_question_is_one_of_the_company(home: Path) -> None:
    async def look(system: System) -> tuple[dict[str, Any], dict[str, Any]]:
        ready = await system.client.get("/health/ready")
        question = await system.client.get("/v1/questions/random")
        return ready.json(), question.json()

    ready, question = _run(home, look)
    assert ready["status"] == "ready"
    assert set(ready["dependencies"]) == {"retrieval", "erp", "llm"}
    assert question["question"]


def test_an_unknown_collection_is_named_with_those_that_there_are(home: Path) -> None:
    async def post(system: System) -> tuple[int, str]:
        body = {"question": "What?", "collection": "mine"}
        reply = await system.client.post("/v1/ask", json=body)
        return reply.status_code, reply.text

    status, text = _run(home, post)
    assert status == 422
    assert "finance" in text


def test_the_model_server_decides_by_question_what_answers(home: Path) -> None:
    _, spans = _run(home, _answer, parse_plan(["model_snapshot_drift=0.5"]))
    models = {s.attributes["gen_ai.response.model"] for s in spans if s.name.startswith("chat ")}
    assert len(models) == 1  # all calls of a question go the same way


def test_what_the_models_endpoint_turns_away_is_no_answer(home: Path) -> None:
    async def ask_in_vain(system: System) -> tuple[str, float]:
        began = system.clock.now_ns()
        with pytest.raises(GatewayError) as failure:
            await _answer(system)
        return str(failure.value), (system.clock.now_ns() - began) / 1e9

    told, seconds = _run(home, ask_in_vain, parse_plan(["llm_rate_limited"]))
    assert "overloaded" in told
    assert 15 < seconds < 20  # two waits as long as the client puts up with


def test_a_question_that_waits_in_the_gateway_is_answered_later(home: Path) -> None:
    async def waited(system: System) -> float:
        _, spans = await _answer(system)
        (work,) = [span for span in spans if span.name.startswith("invoke_workflow ")]
        return (work.start_ns - spans[0].start_ns) / 1e9

    expected = -8 * math.log(Luck(11).uniform("degraded", "gateway_slow"))
    assert _run(home, waited, parse_plan(["gateway_slow"])) == pytest.approx(expected, abs=0.1)
