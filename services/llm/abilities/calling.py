"""Choose a tool by its description and fill in its arguments from the prompt."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from corpus.luck import Luck
from services.llm.abilities.choosing import choose
from services.llm.abilities.finding import find_argument, member_of, named_ids
from services.llm.attention import attend
from services.llm.profiles import Profile
from services.llm.prompt import Option, Prompt
from services.llm.reading import ReadingRoom
from services.llm.schemas import resolved
from services.llm.wire import NamedTool, ToolPart

_ALSO = 0.7
"""Share of the first tool's conviction from which a second one is called along with it."""
_MOST_AT_ONCE = 8
"""How many things of one sort are looked up in one turn."""
_FLOOR = 0.02
"""Conviction below which a further tool is not worth a turn."""


@dataclass(frozen=True, slots=True)
class Call:
    """A tool to be called with arguments that fit its schema."""

    name: str
    arguments: str


def call_tools(
    room: ReadingRoom,
    prompt: Prompt,
    tools: Sequence[ToolPart],
    tool_choice: NamedTool | str | None,
    profile: Profile,
    luck: Luck,
) -> list[Call]:
    """Return the calls to make now; none when what is there already answers the question."""
    if tool_choice == "none":
        return []
    forced = tool_choice.function.name if isinstance(tool_choice, NamedTool) else None
    offered = [t for t in tools if forced is None or t.function.name == forced]
    usable = _usable(room, prompt, offered, forced is not None)
    if not usable and tool_choice == "required":
        forced, usable = "required", _usable(room, prompt, offered, True)
    if not usable:
        return []
    if prompt.called_tools and forced is None and tool_choice != "required":
        attention = attend(room, prompt, profile)
        if attention.nothing_share < 0.5 or len(prompt.called_tools) >= 3:
            return []
    options = [Option(t.function.name, _lines(t)) for t, _ in usable]
    by_name = {tool.function.name: arguments for tool, arguments in usable}
    # A tool that takes what the question itself spells out is nearer than one for what it implies.
    spelt = frozenset(
        name
        for name, arguments in by_name.items()
        if any(str(value).casefold() in prompt.question.casefold() for value in arguments.values())
    )
    choices = choose(room, prompt.question, options, profile, luck, spelt)
    picked = [choices[0]]
    if not prompt.called_tools and forced is None:
        picked += [c for c in choices[1:2] if c.share >= _ALSO * choices[0].share]
    elif forced is None and tool_choice != "required" and choices[0].share < _FLOOR:
        return []
    schemas = {tool.function.name: tool.function.parameters for tool, _ in usable}
    return [
        Call(c.name, json.dumps(arguments))
        for c in picked
        for arguments in _each(prompt.question, schemas[c.name], by_name[c.name])
    ]


def _usable(
    room: ReadingRoom, prompt: Prompt, offered: Sequence[ToolPart], forced: bool
) -> list[tuple[ToolPart, dict[str, Any]]]:
    """Return the tools whose arguments can be found; one that was called already must be forced."""
    usable: list[tuple[ToolPart, dict[str, Any]]] = []
    for tool in offered:
        arguments = fill(room, prompt, tool.function.parameters, lenient=forced)
        if arguments is not None and (forced or tool.function.name not in prompt.called_tools):
            usable.append((tool, arguments))
    return usable


def _each(
    question: str, schema: Mapping[str, Any], arguments: dict[str, Any]
) -> list[dict[str, Any]]:
    """Return the arguments once for every thing of the sort that the question names by its id."""
    for name, spec in schema.get("properties", {}).items():
        pattern = resolved(spec, schema).get("pattern")
        if pattern and name in arguments and name in schema.get("required", ()):
            named = named_ids(question, pattern)
            if arguments[name] in named and len(named) > 1:
                return [{**arguments, name: value} for value in named[:_MOST_AT_ONCE]]
    return [arguments]


def _lines(tool: ToolPart) -> tuple[str, ...]:
    return tuple(s for s in re.split(r"(?<=[.;?])\s+", tool.function.description) if s.strip())


def fill(
    room: ReadingRoom, prompt: Prompt, schema: dict[str, Any], *, lenient: bool = False
) -> dict[str, Any] | None:
    """Return arguments for an object schema, or None when a required one cannot be found.

    With ``lenient`` a required text that is nowhere gets the question itself.
    """
    properties: dict[str, Any] = resolved(schema, schema).get("properties", {})
    required = set(schema.get("required", ()))
    arguments: dict[str, Any] = {}
    for name, part in properties.items():
        spec = resolved(part, schema)
        value = find_argument(room, prompt, name, spec)
        if value is None and spec.get("nullable"):
            if name in required:
                arguments[name] = None
            continue
        if value is None and name in required and "enum" in spec:
            value = member_of(room, prompt.question, spec, forced=True)
        if value is None and name in required:
            if not lenient:
                return None
            value = prompt.question if spec.get("type") == "string" else 0
        if value is not None:
            arguments[name] = value
    return arguments
