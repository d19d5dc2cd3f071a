import json

import httpx
import openai
import pytest

from corpus.embedding import SentenceTransformerEmbedder
from observability.clock import RealClock
from services.llm.app import Serving, create_app


class Hurried(RealClock):
    """The real time, but nobody waits."""

    async def sleep(self, seconds: float) -> None:
        del seconds


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


def client_of(encoder: SentenceTransformerEmbedder, **settings: object) -> openai.AsyncOpenAI:
    app = create_app(encoder, Hurried(), serving=Serving(**settings))  # type: ignore[arg-type]
    http = httpx.AsyncClient(transport=httpx.ASGITransport(app=app))
    return openai.AsyncOpenAI(
        base_url="http://llm/v1", api_key="any", http_client=http, max_retries=0
    )


@pytest.fixture
def client(encoder: SentenceTransformerEmbedder) -> openai.AsyncOpenAI:
    return client_of(encoder)


CONTEXT = "The rent of the hall in Bergen is 900 EUR a month and is due on the third of each month."
MESSAGES = [{"role": "user", "content": f"{CONTEXT}\n\nHow much is the rent of the hall?"}]
TOOLS = [
    {
        "type": "function",
        "function": {
            "name": "get_weather",
            "description": "Weather forecast for a city.",
            "parameters": {
                "type": "object",
                "properties": {"city": {"type": "string", "description": "name of the city"}},
                "required": ["city"],
            },
        },
    },
    {
        "type": "function",
        "function": {
            "name": "get_invoice",
            "description": "Amounts and dates of one invoice.",
            "parameters": {
                "type": "object",
                "properties": {"invoice_id": {"type": "string", "pattern": r"^INV-\d{4}-\d{4}$"}},
                "required": ["invoice_id"],
            },
        },
    },
]


async def test_the_openai_client_lists_the_models(client: openai.AsyncOpenAI):
    names = {model.id async for model in client.models.list()}
    assert {"sim-careful", "sim-mini", "sim-careful-2026-03"} <= names


async def test_the_openai_client_chats(client: openai.AsyncOpenAI):
    reply = await client.chat.completions.create(model="sim-careful", messages=MESSAGES, seed=1)
    assert "900 EUR" in (reply.choices[0].message.content or "")
    assert reply.choices[0].finish_reason == "stop"
    assert reply.model == "sim-careful-2026-03"
    assert reply.usage is not None
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + reply.usage.completion_tokens


async def test_the_openai_client_streams_with_usage(client: openai.AsyncOpenAI):
    text, usage = "", None
    stream = await client.chat.completions.create(
        model="sim-careful",
        messages=MESSAGES,
        seed=1,
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        usage = chunk.usage or usage
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
    whole = await client.chat.completions.create(model="sim-careful", messages=MESSAGES, seed=1)
    assert text == whole.choices[0].message.content
    assert usage == whole.usage


async def test_the_openai_client_calls_the_fitting_tool(client: openai.AsyncOpenAI):
    for question, name, arguments in (
        ("What will the weather in Oslo be like?", "get_weather", {"city": "Oslo"}),
        ("What does inv-2026-0133 amount to?", "get_invoice", {"invoice_id": "INV-2026-0133"}),
    ):
        reply = await client.chat.completions.create(
            model="sim-careful", messages=[{"role": "user", "content": question}], tools=TOOLS
        )
        call = reply.choices[0].message.tool_calls[0]
        assert reply.choices[0].finish_reason == "tool_calls"
        assert (call.function.name, json.loads(call.function.arguments)) == (name, arguments)


async def test_a_tool_result_is_read_and_answered(client: openai.AsyncOpenAI):
    result = {"invoice_id": "INV-2026-0133", "currency": "EUR", "gross_amount": "119.00"}
    call = {"name": "get_invoice", "arguments": '{"invoice_id": "INV-2026-0133"}'}
    reply = await client.chat.completions.create(
        model="sim-careful",
        tools=TOOLS,
        messages=[
            {"role": "user", "content": "What is the gross amount of INV-2026-0133?"},
            {
                "role": "assistant",
                "content": None,
                "tool_calls": [{"id": "c1", "type": "function", "function": call}],
            },
            {"role": "tool", "tool_call_id": "c1", "content": json.dumps(result)},
        ],
    )
    assert "119.00" in (reply.choices[0].message.content or "")


async def test_an_unknown_model_is_named(client: openai.AsyncOpenAI):
    with pytest.raises(openai.NotFoundError, match="gpt-9") as refused:
        await client.chat.completions.create(model="gpt-9", messages=MESSAGES)
    assert refused.value.code == "model_not_found"


async def test_a_prompt_beyond_the_window_is_refused(client: openai.AsyncOpenAI):
    long = [{"role": "user", "content": "word " * 9000}]
    with pytest.raises(openai.BadRequestError) as refused:
        await client.chat.completions.create(model="sim-mini", messages=long)
    assert refused.value.code == "context_length_exceeded"


async def test_absurd_parameters_are_refused(client: openai.AsyncOpenAI):
    with pytest.raises(openai.BadRequestError, match="temperature"):
        await client.chat.completions.create(model="sim-careful", messages=MESSAGES, temperature=7)
    broken = [{"type": "function", "function": {"name": "x", "parameters": {"type": "array"}}}]
    with pytest.raises(openai.BadRequestError, match="JSON Schema"):
        await client.chat.completions.create(model="sim-careful", messages=MESSAGES, tools=broken)


async def test_a_key_is_asked_for_when_one_is_set(encoder: SentenceTransformerEmbedder):
    with pytest.raises(openai.AuthenticationError):
        await client_of(encoder, api_key="secret").chat.completions.create(
            model="sim-careful", messages=MESSAGES
        )


async def test_too_many_requests_say_when_to_come_back(encoder: SentenceTransformerEmbedder):
    client = client_of(encoder, requests_per_minute=1)
    await client.chat.completions.create(model="sim-careful", messages=MESSAGES)
    with pytest.raises(openai.RateLimitError) as refused:
        await client.chat.completions.create(model="sim-careful", messages=MESSAGES)
    assert 0 < float(refused.value.response.headers["retry-after"]) <= 60
