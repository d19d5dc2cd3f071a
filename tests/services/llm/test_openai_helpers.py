"""The official client's own helpers for streams, tools and structured output work."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Literal

import openai
import pytest
from openai import pydantic_function_tool
from pydantic import BaseModel, Field

from corpus.embedding import SentenceTransformerEmbedder
from tests.services.llm.serving import MESSAGES, openai_client

INVOICE = """Brightwater Supplies Ltd
14 Quay Street, Galway

INVOICE

Invoice number: BW-20714
Invoice date: 3 February 2026
Due date: 5 March 2026
Bill to: Atlantic Hotel Group

Description            Qty    Unit price    Amount
Bath towels, white      40          6.50    260.00
Bed linen, queen size   12         31.25    375.00

Subtotal                                    635.00
VAT 23%                                     146.05
Total EUR                                   781.05
"""


class Line(BaseModel):
    description: str
    quantity: int
    unit_price: float
    amount: float


class Currency(StrEnum):
    EUR = "EUR"
    USD = "USD"
    GBP = "GBP"


class Party(BaseModel):
    name: str


class Invoice(BaseModel):
    invoice_number: str
    due_date: str = Field(description="ISO date, YYYY-MM-DD")
    currency: Currency
    kind: Literal["invoice", "credit_note"]
    seller: Party
    buyer: Party
    lines: list[Line]
    net_total: float
    total: float
    purchase_order: str | None


class GetInvoice(BaseModel):
    """Amounts and dates of one invoice."""

    invoice_id: str = Field(pattern=r"^INV-\d{4}-\d{4}$", description="number of the invoice")


class Units(StrEnum):
    METRIC = "metric"
    IMPERIAL = "imperial"


class GetWeather(BaseModel):
    """Weather forecast for a city."""

    city: str = Field(description="name of the city")
    units: Units | None = None


TOOLS = [pydantic_function_tool(GetInvoice), pydantic_function_tool(GetWeather)]


@pytest.fixture(scope="module")
def encoder() -> SentenceTransformerEmbedder:
    return SentenceTransformerEmbedder()


@pytest.fixture
def client(encoder: SentenceTransformerEmbedder) -> openai.AsyncOpenAI:
    return openai_client(encoder)


def about(document: str, wish: str) -> list[dict[str, str]]:
    return [{"role": "user", "content": f"{wish}\n\n{document}"}]


async def test_nested_models_lists_enums_and_optionals_are_parsed(client: openai.AsyncOpenAI):
    reply = await client.chat.completions.parse(
        model="sim-careful",
        messages=about(INVOICE, "Extract the invoice."),
        response_format=Invoice,
        seed=1,
    )
    found = reply.choices[0].message.parsed
    assert found is not None
    assert (found.invoice_number, found.due_date) == ("BW-20714", "2026-03-05")
    assert (found.net_total, found.total, found.currency) == (635.0, 781.05, Currency.EUR)
    assert (found.seller.name, found.buyer.name) == (
        "Brightwater Supplies Ltd",
        "Atlantic Hotel Group",
    )
    assert found.kind == "invoice"
    assert found.purchase_order is None
    assert found.lines == [
        Line(description="Bath towels, white", quantity=40, unit_price=6.5, amount=260.0),
        Line(description="Bed linen, queen size", quantity=12, unit_price=31.25, amount=375.0),
    ]


async def test_what_no_document_says_is_refused_when_the_prompt_says_so(
    client: openai.AsyncOpenAI,
):
    class Recipe(BaseModel):
        oven_temperature: int
        baking_minutes: int

    wish = "Extract the recipe only from the document. If it is not there, say that it is missing."
    reply = await client.chat.completions.parse(
        model="sim-careful",
        messages=about("The meeting began late and nobody took notes of it.", wish),
        response_format=Recipe,
        seed=1,
    )
    message = reply.choices[0].message
    assert message.parsed is None
    assert message.refusal
    assert message.content is None


async def test_the_stream_helper_gives_events_and_the_final_completion(client: openai.AsyncOpenAI):
    text = ""
    async with client.chat.completions.stream(
        model="sim-careful",
        messages=MESSAGES,
        seed=1,
        logprobs=True,
        stream_options={"include_usage": True},
    ) as stream:
        async for event in stream:
            if event.type == "content.delta":
                text += event.delta
        final = await stream.get_final_completion()
    assert "900 EUR" in text
    assert final.choices[0].message.content == text
    assert final.usage is not None


async def test_the_stream_helper_parses_structured_output(client: openai.AsyncOpenAI):
    async with client.chat.completions.stream(
        model="sim-careful",
        messages=about(INVOICE, "Extract the invoice."),
        response_format=Invoice,
        seed=1,
    ) as stream:
        final = await stream.get_final_completion()
    parsed = final.choices[0].message.parsed
    assert parsed is not None
    assert parsed.invoice_number == "BW-20714"


async def test_the_stream_helper_puts_tool_calls_together(client: openai.AsyncOpenAI):
    async with client.chat.completions.stream(
        model="sim-careful",
        messages=[{"role": "user", "content": "What does INV-2026-0133 amount to?"}],
        tools=TOOLS,
        seed=1,
    ) as stream:
        kinds = {event.type async for event in stream}
        final = await stream.get_final_completion()
    assert "tool_calls.function.arguments.delta" in kinds
    (call,) = final.choices[0].message.tool_calls or []
    assert call.function.parsed_arguments == GetInvoice(invoice_id="INV-2026-0133")
    assert final.choices[0].finish_reason == "tool_calls"


async def test_tools_made_of_models_come_back_as_models(client: openai.AsyncOpenAI):
    reply = await client.chat.completions.parse(
        model="sim-careful",
        messages=[{"role": "user", "content": "What will the weather in Oslo be like?"}],
        tools=TOOLS,
        seed=1,
    )
    (call,) = reply.choices[0].message.tool_calls or []
    assert call.function.parsed_arguments == GetWeather(city="Oslo")


async def test_several_things_of_a_sort_are_looked_up_by_parallel_calls(
    client: openai.AsyncOpenAI,
):
    ask = {"role": "user", "content": "Compare INV-2026-0133 with INV-2026-0134, what are they?"}
    for parallel, count in ((True, 2), (False, 1)):
        reply = await client.chat.completions.create(
            model="sim-careful",
            messages=[ask],  # type: ignore[list-item]
            tools=TOOLS,
            parallel_tool_calls=parallel,
            seed=1,
        )
        calls = reply.choices[0].message.tool_calls or []
        ids = [json.loads(call.function.arguments)["invoice_id"] for call in calls]
        assert ids == ["INV-2026-0133", "INV-2026-0134"][:count]
        assert len({call.id for call in calls}) == count


async def test_a_tool_is_called_when_one_is_required_and_not_when_none_may_be(
    client: openai.AsyncOpenAI,
):
    ask = [{"role": "user", "content": "Good morning, how do you do?"}]
    for choice, called in (
        ("required", True),
        ("none", False),
        ({"type": "function", "function": {"name": "GetWeather"}}, True),
    ):
        reply = await client.chat.completions.create(
            model="sim-careful",
            messages=ask,  # type: ignore[arg-type]
            tools=TOOLS,
            tool_choice=choice,  # type: ignore[arg-type]
            seed=1,
        )
        assert bool(reply.choices[0].message.tool_calls) is called


async def test_several_choices_are_several_draws(client: openai.AsyncOpenAI):
    reply = await client.chat.completions.create(
        model="sim-careful", messages=MESSAGES, seed=1, n=3
    )
    assert [choice.index for choice in reply.choices] == [0, 1, 2]


async def test_a_reply_ends_before_a_stop_and_at_its_limit(client: openai.AsyncOpenAI):
    stopped = await client.chat.completions.create(
        model="sim-careful", messages=MESSAGES, seed=1, stop=["EUR"]
    )
    assert (stopped.choices[0].message.content or "").endswith("900 ")
    assert stopped.choices[0].finish_reason == "stop"
    short = await client.chat.completions.create(
        model="sim-careful", messages=MESSAGES, seed=1, max_tokens=4
    )
    assert short.choices[0].finish_reason == "length"
    assert short.usage is not None
    assert short.usage.completion_tokens == 4


async def test_json_mode_gives_an_object(client: openai.AsyncOpenAI):
    ask = [{"role": "user", "content": MESSAGES[0]["content"] + " Reply in JSON."}]
    reply = await client.chat.completions.create(
        model="sim-careful",
        messages=ask,  # type: ignore[arg-type]
        response_format={"type": "json_object"},
        seed=1,
    )
    assert isinstance(json.loads(reply.choices[0].message.content or ""), dict)


async def test_top_logprobs_are_ranked_and_cover_the_reply(client: openai.AsyncOpenAI):
    reply = await client.chat.completions.create(
        model="sim-careful", messages=MESSAGES, seed=1, logprobs=True, top_logprobs=5
    )
    choice = reply.choices[0]
    assert choice.logprobs is not None
    tokens = choice.logprobs.content or []
    assert "".join(token.token for token in tokens) == choice.message.content
    for token in tokens:
        ranked = [other.logprob for other in token.top_logprobs]
        assert ranked == sorted(ranked, reverse=True)
        assert len(ranked) <= 5
        assert bytes(token.bytes or []).decode() == token.token
        assert token.logprob <= 0
    without = await client.chat.completions.create(model="sim-careful", messages=MESSAGES, seed=1)
    assert without.choices[0].logprobs is None
