"""Turns a body that is no request into the error that the API gives for it."""

from __future__ import annotations

from typing import Any

from pydantic import ValidationError

from services.llm.errors import BadRequest
from services.llm.schemas import check_schemas
from services.llm.wire import ChatCompletionRequest

_LONGEST_TEXT = 10_485_760
"""Characters of one message's text, as the API has it."""


_DECIMALS = ("temperature", "top_p")


def read_request(body: bytes) -> ChatCompletionRequest:
    """Return the request in a body, or raise ``BadRequest``."""
    try:
        request = ChatCompletionRequest.model_validate_json(body)
    except ValidationError as error:
        raise _explained(error) from None
    except UnicodeDecodeError:
        raise _unreadable("it is not UTF-8") from None
    _check_parameters(request)
    _check_messages(request)
    check_schemas(request)
    return request


def _explained(error: ValidationError) -> BadRequest:
    first = error.errors(include_url=False)[0]
    kind = str(first["type"])
    if kind == "json_invalid":
        return _unreadable(str(first["ctx"]["error"]))
    place = _place([part for part in first["loc"] if not _names_a_type(part)])
    if kind == "missing":
        return BadRequest(
            f"Missing required parameter: '{place}'.", place, "missing_required_parameter"
        )
    if kind.startswith(("greater_than", "less_than")):
        bound = next(iter(first["ctx"].values()))
        side, comparison = ("below minimum", ">=") if kind[0] == "g" else ("above maximum", "<=")
        number = "decimal" if place in _DECIMALS else "integer"
        return BadRequest(
            f"Invalid '{place}': {number} {side} value. Expected a value {comparison} {bound}, "
            f"but got {str(first['input'])[:40]} instead.",
            place,
            f"{number}_{side.split()[0]}_{side.split()[1][:3]}_value",
        )
    if kind.endswith(("_type", "_parsing", "_from_float")):
        return BadRequest(
            f"Invalid type for '{place}': {first['msg'].lower()}.", place or None, "invalid_type"
        )
    return BadRequest(
        f"Invalid value for '{place}': {first['msg']}.", place or None, "invalid_value"
    )


def _unreadable(why: str) -> BadRequest:
    return BadRequest(
        "We could not parse the JSON body of your request. (The JSON value was expected to be "
        f"UTF-8 text that is one object: {why[:200]}.)"
    )


def _names_a_type(part: object) -> bool:
    """Tell whether a part of a location is a branch of a union and no field."""
    text = str(part)
    return text in ("str", "NamedTool") or text.startswith(("list[", "literal[", "function-"))


def _place(parts: list[Any]) -> str:
    place = ""
    for part in parts:
        place += f"[{part}]" if isinstance(part, int) else f".{part}" if place else str(part)
    return place


def _check_parameters(request: ChatCompletionRequest) -> None:
    if request.top_logprobs is not None and not request.logprobs:
        raise BadRequest(
            "The 'top_logprobs' parameter is only allowed when 'logprobs' is enabled.",
            "top_logprobs",
        )
    if request.stream_options is not None and not request.stream:
        raise BadRequest(
            "The 'stream_options' parameter is only allowed when 'stream' is enabled.",
            "stream_options",
        )
    shape = request.response_format
    wants_json = shape is not None and shape.type == "json_object"
    if wants_json and not any("json" in m.text.casefold() for m in request.messages):
        raise BadRequest(
            "'messages' must contain the word 'json' in some form, to use 'response_format' "
            "of type 'json_object'.",
            "messages",
        )


def _check_messages(request: ChatCompletionRequest) -> None:
    open_calls: set[str] = set()
    for number, message in enumerate(request.messages):
        if len(message.text) > _LONGEST_TEXT:
            raise BadRequest(
                f"Invalid 'messages[{number}].content': string too long. Expected a string with "
                f"maximum length {_LONGEST_TEXT}, but got a string with length "
                f"{len(message.text)} instead.",
                f"messages[{number}].content",
                "string_above_max_length",
            )
        if message.role == "tool":
            if message.tool_call_id not in open_calls:
                raise BadRequest(
                    "Invalid parameter: messages with role 'tool' must be a response to a "
                    "preceding message with 'tool_calls'.",
                    f"messages[{number}].role",
                )
        elif message.tool_calls:
            open_calls = {call.id for call in message.tool_calls}
