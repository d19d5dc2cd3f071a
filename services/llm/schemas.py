"""JSON schemas of tools and replies: are they sound, and what do their references mean."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import jsonschema

from services.llm.errors import BadRequest
from services.llm.wire import ChatCompletionRequest, NamedTool

Schema = Mapping[str, Any]
_MOST_LEVELS = 40
"""References may follow each other and schemas be nested so deep."""


def check_schemas(request: ChatCompletionRequest) -> None:
    """Raise ``BadRequest`` when a tool or the shape of the reply cannot be made sense of."""
    names = set()
    for number, tool in enumerate(request.tools or ()):
        function = tool.function
        names.add(function.name)
        place = f"tools[{number}].function.parameters"
        what = f"Invalid schema for function '{function.name}'"
        problem = _function_problem(function.text) if function.parameters else None
        if problem is not None:
            raise BadRequest(f"{what}: {problem}", place, "invalid_function_parameters")
    choice = request.tool_choice
    if choice not in (None, "none") and not names:
        raise BadRequest("'tool_choice' is only allowed when 'tools' are specified.", "tool_choice")
    if isinstance(choice, NamedTool) and choice.function.name not in names:
        raise BadRequest(
            f"Tool choice '{choice.function.name}' not found in 'tools' parameter.", "tool_choice"
        )
    shape = request.response_format
    if shape is None or shape.type != "json_schema":
        return
    if shape.json_schema is None:
        place = "response_format.json_schema"
        raise BadRequest(
            f"Missing required parameter: '{place}'.", place, "missing_required_parameter"
        )
    what = f"Invalid schema for response_format '{shape.json_schema.name}'"
    if shape.json_schema.schema_:
        problem = _problem(shape.json_schema.text, bool(shape.json_schema.strict))
        if problem is not None:
            raise BadRequest(f"{what}: {problem}", "response_format")


@lru_cache(maxsize=256)
def _function_problem(text: str) -> str | None:
    """Return what is wrong with the parameters of a function, given as JSON."""
    function = json.loads(text)
    return _problem(json.dumps(function["parameters"]), bool(function["strict"]))


@lru_cache(maxsize=256)
def _problem(text: str, strict: bool) -> str | None:
    """Return what is wrong with a schema of an object, given as JSON."""
    schema = json.loads(text)
    try:
        jsonschema.Draft202012Validator.check_schema(schema)
    except jsonschema.SchemaError as error:
        where = "/".join(str(part) for part in error.absolute_path)
        return f"{error.message[:200]} (at '/{where}')."
    except RecursionError:
        return "it is nested too deeply."
    kind = resolved(schema, schema).get("type", "object")
    if kind != "object":
        return f"schema must be a JSON Schema of 'type: \"object\"', got 'type: \"{kind}\"'."
    problems = (_node_problem(schema, path, node, strict) for path, node in _nodes(schema, ()))
    return next((problem for problem in problems if problem), None)


def _node_problem(root: Schema, path: tuple[str, ...], node: Schema, strict: bool) -> str | None:
    context = f"In context=({', '.join(map(repr, path))}),"
    reference = node.get("$ref")
    if isinstance(reference, str) and _target(root, reference) is None:
        return f"{context} reference to '{reference}' cannot be resolved."
    if strict and (node.get("type") == "object" or "properties" in node):
        if node.get("additionalProperties") is not False:
            return f"{context} 'additionalProperties' is required to be supplied and to be false."
        missing = sorted(set(node.get("properties", {})) - set(node.get("required", ())))
        if missing:
            return (
                f"{context} 'required' is required to be supplied and to be an array "
                f"including every key in properties. Missing '{missing[0]}'."
            )
    return None


def _nodes(node: object, path: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], Schema]]:
    """Yield the subschemas of a schema, itself first."""
    if not isinstance(node, dict):
        return
    yield path, node
    for key in ("properties", "$defs", "definitions"):
        for name, part in node.get(key, {}).items():
            yield from _nodes(part, (*path, key, name))
    for key in ("anyOf", "oneOf", "allOf"):
        for number, part in enumerate(node.get(key, ())):
            yield from _nodes(part, (*path, key, str(number)))
    yield from _nodes(node.get("items"), (*path, "items"))


def _target(root: Schema, reference: str) -> Any:
    """Return what a reference within a schema points at, None for nothing."""
    if not reference.startswith("#"):
        return None
    node: Any = root
    for part in reference[1:].strip("/").split("/") if reference.strip("#/") else ():
        key = part.replace("~1", "/").replace("~0", "~")
        node = node.get(key) if isinstance(node, dict) else None
    return node


def resolved(schema: Schema, root: Schema) -> dict[str, Any]:
    """Return a subschema with its own references and alternatives resolved, one level deep.

    Of alternatives the first that is not null counts; ``nullable`` says
    whether null is one of them. Descriptions of the outer schema win.
    """
    node = dict(schema) if isinstance(schema, Mapping) else {}
    for _ in range(_MOST_LEVELS):
        if isinstance(node.get("$ref"), str):
            target = _target(root, node.pop("$ref"))
            node = {**(target if isinstance(target, dict) else {}), **node}
        elif choices := _alternatives(node):
            outer = {k: v for k, v in node.items() if k not in ("anyOf", "oneOf", "allOf")}
            named = [choice for choice in choices if choice.get("type") != "null"]
            outer["nullable"] = outer.get("nullable", False) or len(named) < len(choices)
            node = {**(named[0] if named else {"type": "null"}), **outer}
        else:
            break
    kinds = node.get("type")
    if isinstance(kinds, list):
        named_kinds = [kind for kind in kinds if kind != "null"]
        node["nullable"] = node.get("nullable", False) or len(named_kinds) < len(kinds)
        node["type"] = named_kinds[0] if named_kinds else "null"
    return node


def _alternatives(node: Schema) -> list[dict[str, Any]]:
    for key in ("anyOf", "oneOf", "allOf"):
        if choices := node.get(key):
            return [choice for choice in choices if isinstance(choice, dict)]
    return []
