"""Turns failures behind the gateway into its own statuses: 502, 503 and 504."""

from __future__ import annotations

import httpx

from agents.errors import (
    AgentError,
    DefinitionError,
    ErpError,
    ModelError,
    QuestionError,
    RetrievalError,
)
from services.problems import ProblemError


def problem_of(error: AgentError) -> ProblemError:
    """Return the problem that a caller is told for a failed question.

    Too slow is 504, unreachable or overloaded 503, an unusable answer 502.
    """
    if isinstance(error, QuestionError):
        return ProblemError(422, str(error))
    culprit = next((link for link in _chain(error) if isinstance(link, _UPSTREAM)), None)
    if culprit is None or isinstance(error, DefinitionError):
        return ProblemError(500, "The question could not be worked on. The trace says why.")
    name = _service(culprit)
    causes = list(_chain(culprit))
    if any(isinstance(cause, (httpx.TimeoutException, TimeoutError)) for cause in causes):
        return ProblemError(504, f"The {name} did not answer in time. Ask again later.")
    status = next((found for cause in causes if (found := _status(cause))), None)
    if status == 504:
        return ProblemError(504, f"The {name} did not answer in time. Ask again later.")
    if status in {429, 503} or any(isinstance(cause, httpx.NetworkError) for cause in causes):
        return ProblemError(
            503,
            f"The {name} cannot be reached or is overloaded. Check that it runs; ask again later.",
            headers={"Retry-After": "5"},
        )
    return ProblemError(502, f"The {name} failed or gave an answer that cannot be used.")


_UPSTREAM = (ModelError, RetrievalError, ErpError)


def _service(error: BaseException) -> str:
    if isinstance(error, ModelError):
        return "model endpoint"
    return "retrieval service" if isinstance(error, RetrievalError) else "erp service"


def _status(error: BaseException) -> int | None:
    if isinstance(error, httpx.HTTPStatusError):
        return error.response.status_code
    status = getattr(error, "status", None)
    return status if isinstance(status, int) else None


def _chain(error: BaseException) -> list[BaseException]:
    links: list[BaseException] = []
    link: BaseException | None = error
    while link is not None and link not in links:
        links.append(link)
        link = link.__cause__ or link.__context__
    return links
