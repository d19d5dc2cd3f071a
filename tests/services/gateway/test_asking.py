"""The gateway answers, streams and refuses what is no question."""

from __future__ import annotations

import json

import httpx
import pytest

from agents.errors import (
    ErpError,
    ModelError,
    PromptError,
    QuestionError,
    RetrievalError,
    WorkflowError,
)
from tests.services.fakes import FakeAsker, gateway_client


async def test_an_answer_has_everything_that_the_contract_names() -> None:
    async with gateway_client() as client:
        reply = await client.post("/v1/ask", json={"question": "What is the amount?"})
    assert reply.status_code == 200
    assert set(reply.json()) == {
        "request_id",
        "trace_id",
        "answer",
        "abstained",
        "confidence",
        "route",
        "agents",
        "citations",
        "validation",
        "review",
        "usage",
        "model",
    }


async def test_the_seed_header_decides_the_luck() -> None:
    asker = FakeAsker()
    async with gateway_client(asker) as client:
        for headers in ({"X-StillGreen-Seed": "12"}, {}):
            await client.post("/v1/ask", json={"question": "What?"}, headers=headers)
    assert [request.luck.seed for request in asker.asked] == [12, 4711]


@pytest.mark.parametrize("seed", ["twelve", "-1", "1.5", "9" * 40])
async def test_a_seed_that_is_no_seed_is_refused(seed: str) -> None:
    async with gateway_client() as client:
        reply = await client.post(
            "/v1/ask", json={"question": "What?"}, headers={"X-StillGreen-Seed": seed}
        )
    assert reply.status_code == 400


async def test_a_request_keeps_a_plain_id_of_its_own() -> None:
    async with gateway_client() as client:
        given = await client.get("/health/live", headers={"X-Request-Id": "mine-1"})
        drawn = await client.get("/health/live", headers={"X-Request-Id": "<script>"})
    assert given.headers["x-request-id"] == "mine-1"
    assert drawn.headers["x-request-id"] == "req-drawn"


@pytest.mark.parametrize(
    ("content", "status"),
    [
        (b'{"question": ""}', 422),
        (b'{"question": "  \\n\\t "}', 422),
        (b'{"question": "\\u200b\\u200e"}', 422),
        (b"{}", 422),
        (b'{"question": 12}', 422),
        (b'{"question": "What?", "unknown": 1}', 422),
        (b'{"question": "What?", "session_id": "a b\\u0000"}', 422),
        (b'{"question": "What?", "collection": "nowhere"}', 422),
        (b'{"question": "a\\u0000b"}', 400),
        (b'{"question": "a\\u001b[31mb"}', 400),
        (b'{"question": "\\ud800"}', 400),
        (b'{"question": "\xff\xfe"}', 400),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 400),
        (b"question=What", 400),
        (b"", 422),
        (json.dumps({"question": "x" * 4001}).encode(), 413),
        (json.dumps({"question": "x" * 100_000}).encode(), 413),
    ],
)
async def test_what_is_no_question_is_a_problem_and_reaches_nobody(
    content: bytes, status: int
) -> None:
    asker = FakeAsker()
    async with gateway_client(asker) as client:
        reply = await client.post(
            "/v1/ask", content=content, headers={"content-type": "application/json"}
        )
    assert reply.status_code == status, reply.text
    assert reply.headers["content-type"] == "application/problem+json"
    assert reply.json()["status"] == status
    assert reply.json()["detail"]
    assert asker.asked == []


@pytest.mark.parametrize(
    "question",
    ["¿Cuándo se pagó la factura?", "发票何时支付？", "x" * 4000, "a\tb\nc", "😀" * 4000],
)
async def test_text_in_any_language_up_to_the_limit_is_a_question(question: str) -> None:
    asker = FakeAsker()
    async with gateway_client(asker) as client:
        body = json.dumps({"question": question}, ensure_ascii=True)
        reply = await client.post(
            "/v1/ask", content=body, headers={"content-type": "application/json"}
        )
    assert reply.status_code == 200
    assert asker.asked[0].question == question


async def test_a_body_without_a_declared_length_is_limited_too() -> None:
    async def endless():  # type: ignore[no-untyped-def]
        for _ in range(100):
            yield b" " * 10_000

    async with gateway_client() as client:
        reply = await client.post(
            "/v1/ask", content=endless(), headers={"content-type": "application/json"}
        )
    assert reply.status_code == 413


async def test_a_known_collection_is_asked_about() -> None:
    asker = FakeAsker()
    async with gateway_client(asker) as client:
        reply = await client.post("/v1/ask", json={"question": "What?", "collection": "mine"})
    assert reply.status_code == 200
    assert asker.asked[0].collection == "mine"


def _caused(error: Exception, cause: Exception) -> Exception:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (_caused(ModelError("slow"), httpx.ReadTimeout("x")), 504),
        (_caused(ModelError("down"), httpx.ConnectError("x")), 503),
        (ModelError("limited", 429), 503),
        (ModelError("rubbish"), 502),
        (ModelError("refused", 400), 502),
        (_caused(RetrievalError("slow"), httpx.ReadTimeout("x")), 504),
        (RetrievalError("failed"), 502),
        (ErpError("failed"), 502),
        (_caused(WorkflowError("no way left"), ModelError("rubbish")), 502),
        (WorkflowError("no way left"), 500),
        (PromptError("no prompt"), 500),
        (QuestionError("not a question"), 422),
        (RuntimeError("secret inside"), 500),
    ],
)
@pytest.mark.parametrize("stream", [False, True])
async def test_a_failure_behind_the_gateway_has_a_status_of_its_own(
    error: Exception, status: int, stream: bool
) -> None:
    async with gateway_client(FakeAsker(error, steps=0)) as client:
        reply = await client.post("/v1/ask", json={"question": "What?", "stream": stream})
    assert reply.status_code == status
    assert reply.headers["content-type"] == "application/problem+json"
    assert "secret" not in reply.text
    assert "Traceback" not in reply.text


def _events(text: str) -> list[tuple[str, dict[str, object]]]:
    blocks = [block.split("\n") for block in text.strip().split("\n\n")]
    return [(b[0].removeprefix("event: "), json.loads(b[1].removeprefix("data: "))) for b in blocks]


async def test_a_stream_reports_steps_and_text_and_ends_with_the_answer() -> None:
    async with gateway_client() as client:
        reply = await client.post("/v1/ask", json={"question": "What?", "stream": True})
        whole = await client.post("/v1/ask", json={"question": "What?"})
    events = _events(reply.text)
    assert reply.headers["content-type"].startswith("text/event-stream")
    assert [name for name, _ in events] == ["step", "delta", "delta", "done"]
    assert "".join(str(data["text"]) for name, data in events if name == "delta") == "It is 42 EUR."
    assert events[-1][1] == whole.json()


async def test_a_stream_that_fails_on_its_way_ends_with_the_problem_and_no_answer() -> None:
    async with gateway_client(FakeAsker(ModelError("rubbish"), steps=2)) as client:
        reply = await client.post("/v1/ask", json={"question": "What?", "stream": True})
    events = _events(reply.text)
    assert [name for name, _ in events] == ["step", "step", "error"]
    assert events[-1][1]["status"] == 502


async def test_a_random_question_depends_on_the_seed_alone() -> None:
    async with gateway_client() as client:
        reply = await client.get("/v1/questions/random", headers={"X-StillGreen-Seed": "5"})
    assert reply.json() == {"question": "Question 5?", "family": "family"}
