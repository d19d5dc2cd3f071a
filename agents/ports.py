"""What the agents ask of the world around them, and the values that they exchange."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

from corpus.luck import Luck
from corpus.ports import Entity, Query

JsonValue = None | bool | int | float | str | Sequence["JsonValue"] | Mapping[str, "JsonValue"]
JsonObject = Mapping[str, JsonValue]


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A model's wish to call a tool."""

    id: str
    name: str
    arguments: JsonObject


@dataclass(frozen=True, slots=True)
class Message:
    """One message of a chat, in the roles of the chat-completions API."""

    role: str
    content: str
    tool_calls: Sequence[ToolCall] = ()
    tool_call_id: str | None = None


@dataclass(frozen=True, slots=True)
class ToolDefinition:
    """A tool as a model sees it: ``parameters`` is a JSON schema of an object."""

    name: str
    description: str
    parameters: JsonObject


@dataclass(frozen=True, slots=True)
class ChatRequest:
    """One model call. ``schema`` asks for JSON of that shape, ``seed`` is the call's luck.

    ``on_delta`` is told the text as it arrives when ``stream`` is on. ``model``
    names another model than the client's own; ``request_seed`` is the luck of
    the question that the call is made for.
    """

    agent: str
    messages: Sequence[Message]
    seed: int
    tools: Sequence[ToolDefinition] = ()
    schema: JsonObject | None = None
    schema_name: str = "reply"
    stream: bool = False
    max_tokens: int = 512
    on_delta: Callable[[str], Awaitable[None]] | None = None
    model: str | None = None
    request_seed: int | None = None

    @property
    def luck(self) -> Luck:
        """Return the question's luck, or the call's own for one that belongs to no question."""
        return Luck(self.seed if self.request_seed is None else self.request_seed)


@dataclass(frozen=True, slots=True)
class ChatReply:
    """What a model call returned, with what it used. Times are seconds.

    ``repaired`` is what was wrong with a first reply that was sent back.
    """

    content: str
    tool_calls: Sequence[ToolCall]
    finish_reason: str
    model: str
    input_tokens: int
    output_tokens: int
    cost_usd: float
    time_to_first_token: float | None = None
    confidence: float | None = None
    retries: int = 0
    response_id: str | None = None
    repaired: str | None = None


class Model(Protocol):
    """A chat model behind an OpenAI-compatible endpoint."""

    @property
    def name(self) -> str:
        """Return the model's name as it is asked for."""
        ...

    @property
    def provider(self) -> str:
        """Return who serves it, a value of ``gen_ai.provider.name``."""
        ...

    async def chat(self, request: ChatRequest) -> ChatReply:
        """Return the reply, or raise ``ModelError`` once the bounded retries are used up."""
        ...


@dataclass(frozen=True, slots=True)
class Evidence:
    """A piece of text that an answer may rest on, e.g. a passage or a tool result.

    ``id`` is unique within one request; ``source`` is the document id, or
    ``tool:NAME`` for a tool result.
    """

    id: str
    source: str
    title: str
    text: str
    score: float = 0.0
    metadata: Mapping[str, str | int | float | bool] = field(default_factory=dict)


class Search(Protocol):
    """The retrieval service."""

    async def search(self, query: Query) -> Sequence[Evidence]:
        """Return passages, best first, or raise ``RetrievalError``."""
        ...


@dataclass(frozen=True, slots=True)
class ToolResult:
    """What a tool gave back: JSON, and whether there was anything."""

    name: str
    arguments: JsonObject
    content: JsonValue
    found: bool


class Tool(Protocol):
    """Something that the finance agent may call."""

    @property
    def definition(self) -> ToolDefinition:
        """Return what a model is told about it."""
        ...

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        """Return the result, or raise ``ToolError``."""
        ...


class Erp(Protocol):
    """The ledger service."""

    async def get(self, path: str, query: Mapping[str, str], luck: Luck) -> JsonValue:
        """Return the JSON at a path, None when there is no such record, or raise ``ErpError``."""
        ...


class Prompts(Protocol):
    """The prompt texts, by name."""

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        """Return the prompt with its placeholders filled, or raise ``PromptError``."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """A way through the workflow as the supervisor's model is told about it.

    ``examples`` are questions that belong to it; ``agents`` are called in order,
    those that gather evidence first. On a ``thorough`` one the finance agent
    calls, besides the tools that the model chooses, every other one that it can.
    """

    name: str
    description: str
    examples: Sequence[str]
    agents: Sequence[str]
    thorough: bool = False


class Routes(Protocol):
    """The routes that a supervisor may choose from."""

    def offered(self, luck: Luck) -> Sequence[Route]:
        """Return them as the model is told about them for this request."""
        ...


@dataclass(frozen=True, slots=True)
class Turn:
    """One question of a conversation with its answer."""

    question: str
    answer: str
    entities: Sequence[Entity]


class Memory(Protocol):
    """What was said earlier in a conversation."""

    def recall(self, session_id: str, luck: Luck) -> Sequence[Turn]:
        """Return the session's last turns, oldest first; ``luck`` is that of the request."""
        ...

    def remember(self, session_id: str, turn: Turn) -> None:
        """Keep a turn."""
        ...

    def forget(self) -> None:
        """Forget every session."""
        ...


@dataclass(frozen=True, slots=True)
class BuiltContext:
    """The evidence that fits the budget, and what was left out of it."""

    kept: Sequence[Evidence]
    offered: int
    tokens: int
    budget: int
    truncated: bool


class ContextBuilder(Protocol):
    """Chooses and orders the evidence that a model is shown."""

    def build(self, question: str, evidence: Sequence[Evidence], luck: Luck) -> BuiltContext:
        """Return what fits, in the order in which it is shown."""
        ...


@dataclass(frozen=True, slots=True)
class ReviewItem:
    """An answer that a person has to look at. Times are nanoseconds since the Unix epoch.

    ``decision`` is None until somebody resolves it, then ``approved``,
    ``corrected`` or ``rejected``.
    """

    id: str
    trace_id: str
    question: str
    answer: str
    reason: str
    created_ns: int
    decision: str | None = None
    note: str = ""
    resolved_ns: int | None = None


class ReviewQueue(Protocol):
    """Where answers wait for a person."""

    def put(self, item: ReviewItem) -> None:
        """Keep an item; one with the same id is replaced."""
        ...

    def get(self, item_id: str) -> ReviewItem | None:
        """Return an item, or None."""
        ...

    def items(self, open_only: bool = True, limit: int = 100) -> Sequence[ReviewItem]:
        """Return items, newest first."""
        ...

    def resolve(self, item_id: str, decision: str, note: str, at_ns: int) -> ReviewItem | None:
        """Record a decision and return the item, or None when it is unknown."""
        ...
