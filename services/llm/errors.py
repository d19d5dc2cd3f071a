"""Errors of the model server, with the codes that the real API gives.

ModelServerError
├── BadRequest            400 invalid_request_error
│   └── ContextTooLong    400 context_length_exceeded
├── UnknownModel          404 model_not_found
├── Unauthorised          401 invalid_api_key
└── RateLimited           429 rate_limit_exceeded, with seconds to wait
"""

from __future__ import annotations


class ModelServerError(Exception):
    """Base of everything that the server refuses."""

    status = 500
    type = "server_error"
    code: str | None = None

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param


class BadRequest(ModelServerError):
    """The request cannot be served as it stands."""

    status = 400
    type = "invalid_request_error"


class ContextTooLong(BadRequest):
    """Prompt and completion do not fit into the model's window."""

    code = "context_length_exceeded"


class UnknownModel(ModelServerError):
    """No profile has that name."""

    status = 404
    type = "invalid_request_error"
    code = "model_not_found"


class Unauthorised(ModelServerError):
    """A key is required and was not given."""

    status = 401
    type = "invalid_request_error"
    code = "invalid_api_key"


class RateLimited(ModelServerError):
    """Too many requests in the last minute."""

    status = 429
    type = "requests"
    code = "rate_limit_exceeded"

    def __init__(self, message: str, retry_after: float) -> None:
        super().__init__(message)
        self.retry_after = retry_after
