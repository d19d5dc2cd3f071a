"""What a tool file holds, and the walk that finds the tool files."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import jsonschema

from agents.errors import DefinitionError
from agents.ports import Erp, JsonObject, JsonValue, Tool, ToolDefinition, ToolResult
from corpus.luck import Luck

Run = Callable[[Erp, Mapping[str, str], Luck], Awaitable[JsonValue]]
"""Does a tool's work with checked arguments; None means that there is no such record."""

INVOICE_ID: JsonObject = {
    "type": "string",
    "pattern": r"^INV-\d{4}-\d{4,}$",
    "description": "invoice, e.g. INV-2026-0133",
}
PO_ID: JsonObject = {
    "type": "string",
    "pattern": r"^PO-\d{4}-\d{4,}$",
    "description": "purchase order, e.g. PO-2026-0042",
}
VENDOR_ID: JsonObject = {
    "type": "string",
    "pattern": r"^V-\d{4,}$",
    "description": "vendor, e.g. V-1001",
}


def parameters(required: Sequence[str] = (), **properties: JsonObject) -> JsonObject:
    """Return the JSON schema of an object with these properties."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
    }


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool before it is given a ledger to work on."""

    definition: ToolDefinition
    run: Run


class ErpTool:
    """A tool at work on a ledger service.

    Arguments that break the tool's schema are answered with the reason, so
    that the model can correct them; they never reach the ledger.
    """

    def __init__(self, spec: ToolSpec, erp: Erp) -> None:
        self._spec = spec
        self._erp = erp
        self._validator: Any = jsonschema.Draft202012Validator(spec.definition.parameters)

    @property
    def definition(self) -> ToolDefinition:
        return self._spec.definition

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        name = self.definition.name
        error = jsonschema.exceptions.best_match(self._validator.iter_errors(dict(arguments)))
        if error is not None:
            return ToolResult(name, arguments, {"error": f"bad arguments: {error.message}"}, False)
        texts = {key: str(value) for key, value in arguments.items()}
        content = await self._spec.run(self._erp, texts, luck)
        return ToolResult(name, arguments, content, found=_holds_something(content))


def load_tools(erp: Erp) -> list[Tool]:
    """Return every tool of this package, bound to a ledger service, in the order of its files.

    Raises ``DefinitionError`` when a file lacks ``SPEC`` or calls it otherwise
    than itself.
    """
    return [ErpTool(spec, erp) for spec in tool_specs()]


def tool_specs() -> list[ToolSpec]:
    """Return what each tool file defines."""
    specs: list[ToolSpec] = []
    here = Path(__file__).parent
    for module in sorted(pkgutil.iter_modules([str(here)]), key=lambda found: found.name):
        if module.name == "spec":
            continue
        spec = getattr(importlib.import_module(f"agents.tools.{module.name}"), "SPEC", None)
        if not isinstance(spec, ToolSpec):
            raise DefinitionError(f"agents/tools/{module.name}.py has no SPEC")
        if spec.definition.name != module.name:
            raise DefinitionError(
                f"agents/tools/{module.name}.py defines a tool called {spec.definition.name!r}"
            )
        specs.append(spec)
    return specs


def _holds_something(content: JsonValue) -> bool:
    if isinstance(content, Mapping) and "items" in content:
        return bool(content["items"])
    return content is not None
