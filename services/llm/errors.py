"""Errors of the model server, with the codes that the real API gives.

ModelServerError
├── BadRequest            400 invalid_request_error
│   └── ContextTooLong    400 context_length_exceeded
├── UnknownModel          404 model_not_found
├── Unauthorised          401 invalid_api_key
├── UnknownAddress        404, or 405 for a method that it does not have
└── RateLimited           429 rate_limit_exceeded, with seconds to wait
"""

from __future__ import annotations

import math


class ModelServerError(Exception):
    """Base of everything that the server refuses; ``param`` is the field that is at issue."""

    status = 500
    type = "server_error"
    code: str | None = None

    def __init__(self, message: str, param: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.param = param

    @property
    def headers(self) -> dict[str, str]:
        """Return the response headers that go with it."""
        return {}

    def as_json(self) -> dict[str, object]:
        """Return the body as the API gives it."""
        return {
            "error": {
                "message": self.message,
                "type": self.type,
                "param": self.param,
                "code": self.code,
            }
        }


class BadRequest(ModelServerError):
    """The request cannot be served as it stands; ``code`` says why if the API has a word for it."""

    status = 400
    type = "invalid_request_error"

    def __init__(self, message: str, param: str | None = None, code: str | None = None) -> None:
        super().__init__(message, param)
        self.code = code or type(self).code


class ContextTooLong(BadRequest):
    """Prompt and completion do not fit into the model's window."""

    code = "context_length_exceeded"


class UnknownModel(ModelServerError):
    """No profile has that name."""

    status = 404
    type = "invalid_request_error"
    code = "model_not_found"


class UnknownAddress(ModelServerError):
    """Nothing answers at that path, or not to that method."""

    type = "invalid_request_error"

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


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

    @property
    def headers(self) -> dict[str, str]:
        # Whole seconds, rounded up: whoever waits that long is admitted.
        return {"Retry-After": str(max(1, math.ceil(self.retry_after)))}
