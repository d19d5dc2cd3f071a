"""Liveness and readiness, the same for every service."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping

from fastapi import FastAPI
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

Check = Callable[[], Awaitable[None]]
"""Returns when a dependency works and raises, saying why, when it does not."""


class Live(BaseModel):
    """The process answers."""

    status: str = Field(examples=["ok"])
    service: str = Field(examples=["gateway"])


class Ready(BaseModel):
    """Whether the service can do its work; ``dependencies`` says ``ok`` or what is wrong."""

    status: str = Field(examples=["ready"])
    service: str = Field(examples=["gateway"])
    dependencies: dict[str, str] = Field(examples=[{"retrieval": "ok", "llm": "ok", "erp": "ok"}])


def add_health(app: FastAPI, service: str, checks: Mapping[str, Check]) -> None:
    """Add ``/health/live`` and ``/health/ready``; not ready is 503 with the same body."""

    @app.get("/health/live", tags=["health"], summary="Is the process alive?")
    async def live() -> Live:
        return Live(status="ok", service=service)

    @app.get(
        "/health/ready",
        tags=["health"],
        summary="Can the service do its work?",
        response_model=Ready,
        responses={503: {"model": Ready, "description": "A dependency does not work"}},
    )
    async def ready() -> JSONResponse:
        states = {name: await _state(check) for name, check in checks.items()}
        works = all(state == "ok" for state in states.values())
        body = Ready(status="ready" if works else "not ready", service=service, dependencies=states)
        return JSONResponse(body.model_dump(), status_code=200 if works else 503)


async def _state(check: Check) -> str:
    # Whatever keeps a dependency from working is its state, not our failure.
    try:
        await check()
    except Exception as error:
        return str(error) or type(error).__name__
    return "ok"
