"""What the server refuses, with the statuses, codes and bodies of the real API."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from agents.clients.retrying import SEED_HEADER
from corpus.embedding import SentenceTransformerEmbedder
from corpus.luck import Luck
from services.llm.app import create_app
from services.llm.profiles import shipped
from services.llm.serving import Deployment
from services.transport import AppTransport
from tests.agents.fakes import FakeClock
from tests.services.llm.serving import CHAT, MESSAGES, http_client

TOOL = {"type": "function", "function": {"name": "look", "parameters": {"type": "object"}}}


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def client(encoder: SentenceTransformerEmbedder) -> httpx.AsyncClient:
    return http_client(encoder)


async def refusal(client: httpx.AsyncClient, body: bytes | dict[str, Any]) -> dict[str, Any]:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    response = await client.post("chat/completions", content=content)
    assert 400 <= response.status_code < 500, response.text
    error = response.json()["error"]
    assert set(error) == {"message", "type", "param", "code"}
    return {"status": response.status_code, **error}


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b'{"model": "sim-careful", "messages": [}',
        b"\xff\xfe{}",
        b'{"model": "sim-careful", "messages": [{"role": "user", "content": "caf\xe9"}]}',
        b'{"model": "sim-careful", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b"[" * 100_000,
        b'{"a":' * 100_000,
        b"null",
        b'"text"',
        b"[1]",
    ],
)
async def test_a_body_that_is_no_json_object_is_refused(client: httpx.AsyncClient, body: bytes):
    error = await refusal(client, body)
    assert (error["status"], error["type"]) == (400, "invalid_request_error")


@pytest.mark.parametrize(
    ("change", "param", "code"),
    [
        ({"temperature": 5}, "temperature", "decimal_above_max_value"),
        ({"temperature": -0.1}, "temperature", "decimal_below_min_value"),
        ({"temperature": "hot"}, "temperature", "invalid_type"),
        ({"top_p": 1.5}, "top_p", "decimal_above_max_value"),
        ({"n": 0}, "n", "integer_below_min_value"),
        ({"n": 129}, "n", "integer_above_max_value"),
        ({"n": 1.5}, "n", "invalid_type"),
        ({"max_tokens": -1}, "max_tokens", "integer_below_min_value"),
        ({"max_completion_tokens": 0}, "max_completion_tokens", "integer_below_min_value"),
        ({"logprobs": True, "top_logprobs": 50}, "top_logprobs", "integer_above_max_value"),
        ({"top_logprobs": 2}, "top_logprobs", None),
        ({"seed": 2**63}, "seed", "integer_above_max_value"),
        ({"seed": "luck"}, "seed", "invalid_type"),
        ({"stop": ["a", "b", "c", "d", "e"]}, "stop", None),
        ({"stream_options": {"include_usage": True}}, "stream_options", None),
        ({"messages": []}, "messages", None),
        ({"messages": None}, "messages", "missing_required_parameter"),
        ({"model": None}, "model", "missing_required_parameter"),
        ({"messages": [{"role": "wizard", "content": "x"}]}, "messages[0].role", None),
        ({"messages": [{"role": "user", "content": 5}]}, "messages[0].content", "invalid_type"),
        ({"messages": [{"role": "tool", "content": "{}"}]}, "messages[0].role", None),
        ({"response_format": {"type": "xml"}}, "response_format.type", None),
        (
            {"response_format": {"type": "json_schema"}},
            "response_format.json_schema",
            "missing_required_parameter",
        ),
        ({"response_format": {"type": "json_object"}}, "messages", None),
        ({"tool_choice": "required"}, "tool_choice", None),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "no"}}},
            "tool_choice",
            None,
        ),
    ],
)
async def test_an_absurd_parameter_is_named(
    client: httpx.AsyncClient, change: dict[str, Any], param: str, code: str | None
):
    error = await refusal(client, {**CHAT, **change})
    assert (error["status"], error["param"]) == (400, param)
    if code is not None:
        assert error["code"] == code


async def test_a_negative_seed_is_a_seed(client: httpx.AsyncClient):
    replies = [await client.post("chat/completions", json={**CHAT, "seed": -7}) for _ in range(2)]
    assert replies[0].status_code == 200
    assert replies[0].json()["choices"] == replies[1].json()["choices"]


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "array"},
        {"type": "objekt"},
        {"type": "object", "properties": []},
        {"type": "object", "properties": {"a": {"type": 3}}},
        {"type": "object", "properties": {"a": {"$ref": "#/$defs/Missing"}}},
        {"type": "object", "properties": {"a": {"$ref": "http://elsewhere.test/schema"}}},
        {"type": "object", "required": "a"},
        {"type": "object", "properties": {"a": {"enum": "b"}}},
    ],
)
async def test_a_broken_schema_is_refused_for_tools_and_for_replies(
    client: httpx.AsyncClient, schema: dict[str, Any]
):
    function = {"name": "look", "parameters": schema}
    error = await refusal(client, {**CHAT, "tools": [{"type": "function", "function": function}]})
    assert error["code"] == "invalid_function_parameters"
    assert error["param"] == "tools[0].function.parameters"
    shape = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    error = await refusal(client, {**CHAT, "response_format": shape})
    assert "response_format 'reply'" in error["message"]


async def test_a_strict_schema_must_close_its_objects(client: httpx.AsyncClient):
    schema = {"type": "object", "properties": {"a": {"type": "string"}}, "required": []}
    for more, said in (({}, "additionalProperties"), ({"additionalProperties": False}, "'a'")):
        shape = {"name": "reply", "strict": True, "schema": schema | more}
        body = {**CHAT, "response_format": {"type": "json_schema", "json_schema": shape}}
        assert said in (await refusal(client, body))["message"]


async def test_a_schema_that_refers_to_itself_is_filled_to_some_depth(client: httpx.AsyncClient):
    node = {"type": "object", "properties": {"next": {"$ref": "#"}, "name": {"type": "string"}}}
    shape = {"type": "json_schema", "json_schema": {"name": "reply", "schema": node}}
    reply = await client.post("chat/completions", json={**CHAT, "response_format": shape})
    assert "next" in json.loads(reply.json()["choices"][0]["message"]["content"])


async def test_a_schema_that_doubles_at_every_level_ends(client: httpx.AsyncClient):
    levels = {
        f"L{n}": {
            "type": "object",
            "properties": {side: {"$ref": f"#/$defs/L{n + 1}"} for side in "ab"},
        }
        for n in range(30)
    }
    schema = {**levels["L0"], "$defs": {**levels, "L30": {"type": "string"}}}
    shape = {"type": "json_schema", "json_schema": {"name": "reply", "schema": schema}}
    reply = await client.post("chat/completions", json={**CHAT, "response_format": shape})
    assert reply.status_code == 200


async def test_an_unknown_model_is_not_found(client: httpx.AsyncClient):
    error = await refusal(client, {**CHAT, "model": "gpt-9"})
    assert (error["status"], error["code"], error["param"]) == (404, "model_not_found", "model")
    assert (await client.get("models/gpt-9")).status_code == 404


async def test_an_unknown_address_and_a_wrong_method_are_errors_of_the_same_form(
    client: httpx.AsyncClient,
):
    for response in (await client.get("nothing"), await client.get("chat/completions")):
        assert response.status_code in (404, 405)
        assert response.json()["error"]["type"] == "invalid_request_error"


@pytest.mark.parametrize("text", ["word " * 9_000, "word " * 400_000, "x\n\n" * 9_000])
async def test_a_prompt_beyond_the_window_is_refused_in_tokens(
    client: httpx.AsyncClient, text: str
):
    messages = [{"role": "user", "content": text}]
    error = await refusal(client, {"model": "sim-mini", "messages": messages})
    assert error["code"] == "context_length_exceeded"
    assert "8192 tokens" in error["message"]


async def test_the_reply_must_fit_into_the_window_as_well(client: httpx.AsyncClient):
    error = await refusal(client, {**CHAT, "max_tokens": 10**9})
    assert error["code"] == "context_length_exceeded"
    assert "in the completion" in error["message"]


async def test_a_text_longer_than_the_api_takes_is_refused(client: httpx.AsyncClient):
    messages = [{"role": "user", "content": "a" * 10_500_000}]
    error = await refusal(client, {**CHAT, "messages": messages})
    assert error["code"] == "string_above_max_length"


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, "invalid_api_key"),
        ({"Authorization": "Bearer other"}, "invalid_api_key"),
        ({"Authorization": "secret"}, "invalid_api_key"),
        ({"Authorization": "Bearer s\u00e9cret".encode("latin-1")}, "invalid_api_key"),
    ],
)
async def test_a_key_is_asked_for_everywhere_when_one_is_set(
    encoder: SentenceTransformerEmbedder, headers: dict[str, str], code: str
):
    client = http_client(encoder, api_key="secret")
    for response in (
        await client.post("chat/completions", json=CHAT, headers=headers),
        await client.get("models", headers=headers),
        await client.get("models/sim-careful", headers=headers),
    ):
        assert response.status_code == 401
        assert response.json()["error"]["code"] == code
        assert "secret" not in response.text


async def test_the_right_key_is_let_in(encoder: SentenceTransformerEmbedder):
    client = http_client(encoder, api_key="secret")
    headers = {"Authorization": "Bearer secret"}
    assert (await client.get("models", headers=headers)).status_code == 200
    assert (await client.post("chat/completions", json=CHAT, headers=headers)).status_code == 200


async def test_too_many_requests_are_told_when_to_come_back(encoder: SentenceTransformerEmbedder):
    clock = FakeClock()
    client = http_client(encoder, clock, requests_per_minute=2)
    first = await client.post("chat/completions", json=CHAT)
    assert first.headers["x-ratelimit-remaining-requests"] == "1"
    await client.post("chat/completions", json=CHAT)
    limited = await client.post("chat/completions", json=CHAT)
    assert limited.status_code == 429
    assert limited.json()["error"]["code"] == "rate_limit_exceeded"
    clock.ns += int(limited.headers["retry-after"]) * 10**9
    assert (await client.post("chat/completions", json=CHAT)).status_code == 200


async def test_refused_requests_do_not_count_towards_the_limit(
    encoder: SentenceTransformerEmbedder,
):
    client = http_client(encoder, requests_per_minute=1)
    await client.post("chat/completions", content=b"{")
    assert (await client.post("chat/completions", json=CHAT)).status_code == 200


async def test_what_is_served_goes_by_the_question_that_a_call_tells_of(
    encoder: SentenceTransformerEmbedder,
):
    asked: list[int] = []

    def models_for(luck: Luck) -> Deployment:
        asked.append(luck.seed)
        return Deployment(shipped(), per_minute=0 if luck.seed == 5 else None)

    app = create_app(encoder, FakeClock(), models_for=models_for)
    client = httpx.AsyncClient(transport=AppTransport(app), base_url="http://llm/v1/")
    statuses = [
        (await client.post("chat/completions", json=CHAT, headers=headers)).status_code
        for headers in ({}, {SEED_HEADER: "5"}, {SEED_HEADER: "6"}, {SEED_HEADER: "none"})
    ]
    assert statuses == [200, 429, 200, 200]
    assert asked == [CHAT["seed"], 5, 6, CHAT["seed"]]


async def test_null_stands_for_a_parameter_that_is_not_given(client: httpx.AsyncClient):
    optional = {"max_tokens": None, "tools": None, "n": None, "stop": None, "temperature": None}
    assert (await client.post("chat/completions", json={**CHAT, **optional})).status_code == 200


@pytest.mark.parametrize(
    "content",
    ["", "   ", "?", "\x00\x01", "𝕏" * 500, "<document", "[]{}()\\*+?.^$|" * 50, None, []],
)
async def test_a_strange_message_is_answered_all_the_same(
    client: httpx.AsyncClient, content: object
):
    body = {**CHAT, "messages": [*MESSAGES, {"role": "user", "content": content}]}
    assert (await client.post("chat/completions", json=body)).status_code == 200
