"""A client of the gateway's API, for commands and background traffic."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import httpx

from services.errors import ServicesError


class GatewayError(ServicesError):
    """The gateway cannot be reached or answered with an error; the text says which."""


@dataclass(frozen=True, slots=True)
class Question:
    """What is sent to ``POST /v1/ask``. ``seed`` makes the answer repeatable."""

    text: str
    collection: str = "finance"
    session_id: str | None = None
    user_id: str | None = None
    seed: int | None = None

    def body(self, stream: bool) -> dict[str, Any]:
        """Return the request's JSON."""
        body = {
            "question": self.text,
            "collection": self.collection,
            "session_id": self.session_id,
            "user_id": self.user_id,
            "stream": stream,
        }
        return {key: value for key, value in body.items() if value is not None}

    def headers(self) -> dict[str, str]:
        """Return the request's own headers."""
        return {} if self.seed is None else {"X-StillGreen-Seed": str(self.seed)}


@dataclass(frozen=True, slots=True)
class Event:
    """One server-sent event of a streamed answer."""

    name: str
    data: dict[str, Any]


async def ask(client: httpx.AsyncClient, question: Question) -> dict[str, Any]:
    """Return the answer's JSON, or raise ``GatewayError``."""
    try:
        response = await client.post(
            "/v1/ask", json=question.body(stream=False), headers=question.headers()
        )
    except httpx.HTTPError as error:
        raise _unreachable(client, error) from error
    return checked(response)


async def ask_streaming(client: httpx.AsyncClient, question: Question) -> AsyncIterator[Event]:
    """Yield the events up to ``done``; a failure in between is a ``GatewayError``."""
    request = client.build_request(
        "POST", "/v1/ask", json=question.body(stream=True), headers=question.headers()
    )
    try:
        response = await client.send(request, stream=True)
        try:
            if not response.is_success:
                await response.aread()
                checked(response)
            name = ""
            async for line in response.aiter_lines():
                if line.startswith("event: "):
                    name = line.removeprefix("event: ")
                elif line.startswith("data: "):
                    data = json.loads(line.removeprefix("data: "))
                    if name == "error":
                        raise GatewayError(_text(data))
                    yield Event(name, data)
        finally:
            await response.aclose()
    except httpx.HTTPError as error:
        raise _unreachable(client, error) from error


def checked(response: httpx.Response) -> dict[str, Any]:
    """Return a response's JSON object, or raise ``GatewayError`` with the problem's text."""
    try:
        body = response.json()
    except ValueError:
        body = None
    if not isinstance(body, dict):
        raise GatewayError(
            f"{response.request.url} did not answer with JSON (status {response.status_code}); "
            "is a StillGreen gateway there?"
        )
    if not response.is_success:
        raise GatewayError(_text(body))
    return body


def _text(problem: dict[str, Any]) -> str:
    text = problem.get("detail") or problem.get("title") or "the gateway failed"
    status = problem.get("status")
    return f"{text} (status {status})" if status else str(text)


def _unreachable(client: httpx.AsyncClient, error: httpx.HTTPError) -> GatewayError:
    if isinstance(error, httpx.TimeoutException):
        return GatewayError(f"the gateway at {client.base_url} did not answer in time")
    return GatewayError(
        f"no gateway answers at {client.base_url} ({error}); start one with `stillgreen up`"
    )
