"""Problem details (RFC 9457): the one form in which every service reports an error."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, ConfigDict, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

MEDIA_TYPE = "application/problem+json"

_log = logging.getLogger(__name__)


class FieldProblem(BaseModel):
    """What is wrong with one field of a request."""

    pointer: str = Field(description="JSON pointer to the field, e.g. `/question`.")
    detail: str


class Problem(BaseModel):
    """An error as RFC 9457 describes it."""

    model_config = ConfigDict(
        json_schema_extra={
            "example": {
                "type": "about:blank",
                "title": "Unprocessable Content",
                "status": 422,
                "detail": "The question is empty. Send some text.",
                "instance": "/v1/ask",
                "request_id": "req-4f1d2c8a90be7713",
                "errors": [{"pointer": "/question", "detail": "must not be blank"}],
            }
        }
    )

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    instance: str
    request_id: str | None = None
    errors: list[FieldProblem] | None = None


class ProblemError(Exception):
    """An error that an endpoint wants to answer with, as status and explanation."""

    def __init__(
        self,
        status: int,
        detail: str,
        *,
        errors: Sequence[FieldProblem] = (),
        headers: dict[str, str] | None = None,
    ) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.errors = list(errors)
        self.headers = headers or {}


def problem_body(
    status: int,
    detail: str,
    instance: str,
    *,
    request_id: str | None = None,
    errors: Sequence[FieldProblem] = (),
) -> dict[str, Any]:
    """Return the JSON of a problem."""
    problem = Problem(
        title=_title(status),
        status=status,
        detail=detail,
        instance=instance,
        request_id=request_id,
        errors=list(errors) or None,
    )
    return problem.model_dump(exclude_none=True)


def problem_responses(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return OpenAPI responses for an endpoint that may answer with these statuses."""
    return {
        status: {
            "description": _title(status),
            "content": {MEDIA_TYPE: {"schema": Problem.model_json_schema()}},
        }
        for status in statuses
    }


def install_problem_handlers(app: FastAPI) -> None:
    """Make every error of an app a problem; an unexpected one says nothing of its inside."""
    app.add_exception_handler(ProblemError, _problem_error)
    app.add_exception_handler(RequestValidationError, _invalid_request)
    app.add_exception_handler(HTTPException, _http_exception)
    app.add_exception_handler(Exception, _unexpected)


class BodyLimit:
    """Middleware that answers 413 to a request body over a number of bytes."""

    def __init__(self, app: ASGIApp, max_bytes: int) -> None:
        self._app = app
        self._max = max_bytes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"")
        if declared.isdigit() and int(declared) > self._max:
            await _too_large(scope["path"], self._max)(scope, receive, send)
            return
        seen = 0

        async def counted() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._max:
                # FastAPI lets this exception alone through while it reads a body.
                raise HTTPException(413, _too_large_text(self._max))
            return message

        await self._app(scope, counted, send)


def _too_large_text(limit: int) -> str:
    return f"The request body is larger than {limit} bytes. Send a smaller one."


def _too_large(path: str, limit: int) -> JSONResponse:
    return _json(413, problem_body(413, _too_large_text(limit), path))


def _title(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Error"


def _json(status: int, body: dict[str, Any], headers: dict[str, str] | None = None) -> JSONResponse:
    return JSONResponse(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def problem_response(
    request: Request,
    status: int,
    detail: str,
    errors: Sequence[FieldProblem] = (),
    headers: dict[str, str] | None = None,
) -> JSONResponse:
    """Return a problem as the response to a request."""
    request_id = getattr(request.state, "request_id", None)
    body = problem_body(status, detail, request.url.path, request_id=request_id, errors=errors)
    return _json(status, body, headers)


async def _problem_error(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, ProblemError):
        raise error
    return problem_response(request, error.status, error.detail, error.errors, error.headers)


async def _http_exception(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, HTTPException):
        raise error
    headers = dict(error.headers) if error.headers else None
    return problem_response(request, error.status_code, str(error.detail), headers=headers)


async def _invalid_request(request: Request, error: Exception) -> JSONResponse:
    if not isinstance(error, RequestValidationError):
        raise error
    found = error.errors()
    if any(item["type"] == "json_invalid" for item in found):
        return problem_response(request, 400, "The request body is not valid JSON.")
    errors = [
        FieldProblem(
            pointer="/" + "/".join(str(part) for part in item["loc"][1:]),
            detail=str(item["msg"]).removeprefix("Value error, "),
        )
        for item in found
    ]
    where = ", ".join(sorted({problem.pointer for problem in errors}))
    return problem_response(request, 422, f"The request is not valid at {where}.", errors)


async def _unexpected(request: Request, error: Exception) -> JSONResponse:
    # The traceback goes to the log, never to the caller.
    _log.debug("unexpected error on %s", request.url.path, exc_info=error)
    detail = "The service failed on this request. Its log and its trace say why."
    return problem_response(request, 500, detail)
