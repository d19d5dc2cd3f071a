"""The chat-completions API as pydantic models: what comes in and what goes out."""

from __future__ import annotations

import json
from functools import cached_property
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator


class FunctionCall(BaseModel):
    """A function and its arguments as a JSON text."""

    name: str
    arguments: str = "{}"


class ToolCallPart(BaseModel):
    """A tool call of an assistant message."""

    id: str
    type: Literal["function"] = "function"
    function: FunctionCall


class ContentPart(BaseModel):
    """One part of a message's content; only text is read."""

    type: str = "text"
    text: str = ""


class ChatMessage(BaseModel):
    """One message."""

    model_config = ConfigDict(extra="ignore")

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | list[ContentPart] | None = None
    tool_calls: list[ToolCallPart] | None = None
    tool_call_id: str | None = None
    name: str | None = None

    @property
    def text(self) -> str:
        """Return the text of all parts."""
        if isinstance(self.content, list):
            return "\n".join(part.text for part in self.content)
        return self.content or ""


class FunctionDefinition(BaseModel):
    """A function that may be called; ``parameters`` is a JSON schema of an object."""

    name: str = Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str = ""
    parameters: dict[str, Any] = Field(default_factory=dict)
    strict: bool | None = None

    @cached_property
    def text(self) -> str:
        """Return the definition as the model reads it."""
        return self.model_dump_json()


class ToolPart(BaseModel):
    """A tool offered to the model."""

    type: Literal["function"]
    function: FunctionDefinition


class NamedTool(BaseModel):
    """The one tool that shall be called."""

    class Name(BaseModel):
        """Its name."""

        name: str

    type: Literal["function"] = "function"
    function: Name


class JsonSchemaPart(BaseModel):
    """A named JSON schema."""

    model_config = ConfigDict(populate_by_name=True)

    name: str = Field(default="reply", pattern=r"^[A-Za-z0-9_-]{1,64}$")
    description: str = ""
    schema_: dict[str, Any] = Field(default_factory=dict, alias="schema")
    strict: bool | None = None

    @cached_property
    def text(self) -> str:
        """Return the schema as JSON."""
        return json.dumps(self.schema_)


class ResponseFormat(BaseModel):
    """The shape that a reply shall have."""

    type: Literal["text", "json_object", "json_schema"]
    json_schema: JsonSchemaPart | None = None


class StreamOptions(BaseModel):
    """Options of a streamed reply."""

    include_usage: bool = False


class ChatCompletionRequest(BaseModel):
    """A request for a chat completion; fields that the simulator has no use for are accepted."""

    model_config = ConfigDict(extra="ignore")

    model: str
    messages: list[ChatMessage] = Field(min_length=1, max_length=2048)
    temperature: float = Field(default=1.0, ge=0, le=2)
    top_p: float = Field(default=1.0, ge=0, le=1)
    n: int = Field(default=1, ge=1, le=128)
    max_tokens: int | None = Field(default=None, ge=1)
    max_completion_tokens: int | None = Field(default=None, ge=1)
    seed: int | None = Field(default=None, ge=-(2**63), le=2**63 - 1)
    stream: bool = False
    stream_options: StreamOptions | None = None
    tools: list[ToolPart] | None = Field(default=None, max_length=128)
    tool_choice: Literal["none", "auto", "required"] | NamedTool | None = None
    parallel_tool_calls: bool = True
    response_format: ResponseFormat | None = None
    logprobs: bool = False
    top_logprobs: int | None = Field(default=None, ge=0, le=20)
    stop: str | Annotated[list[str], Field(max_length=4)] | None = None
    user: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _null_is_default(cls, value: Any) -> Any:
        # The API takes null for a parameter that is not given.
        if isinstance(value, dict):
            return {key: part for key, part in value.items() if part is not None}
        return value

    @property
    def stops(self) -> tuple[str, ...]:
        """Return the texts that end a reply."""
        found = [self.stop] if isinstance(self.stop, str) else self.stop or []
        return tuple(text for text in found if text)

    @property
    def limit(self) -> int | None:
        """Return the most tokens that the reply may have."""
        if self.max_completion_tokens is not None:
            return self.max_completion_tokens
        return self.max_tokens
