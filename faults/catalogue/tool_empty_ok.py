"""A tool that got nothing reports success with nothing in it.

Mechanism: the ledger's connector was moved to a new version of the interface,
in which rows lie under another name. It finds none under the old name, takes
that for an answer of no rows, and hands on the envelope: what was asked for, no
items, a count of 0. The records were read and are lost on the way. Severity is
the probability that a request goes over the new connector.
Taxonomy: OWASP ASI02 (tool misuse), RAGEC E10 in effect: "there is none" is claimed.
A trace shows: tool calls without rows under a SELECT that returned some, small
results, more abstentions, and answers that say none of what there is.
Cannot show it: status codes, tool calls per request, groundedness, since the
answer agrees with the empty result; latency.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from agents.ports import JsonObject, JsonValue, Tool, ToolResult
from corpus.luck import Luck
from faults.base import PartFault, StandsIn, chosen_request, of_each
from faults.fault import Layer, Seam, Severity

_COUNTS = ("count", "invoice_count")


@dataclass(frozen=True, slots=True)
class LosesTheRows(StandsIn):
    """Empties what the healthy tool gives, for its share of the requests."""

    healthy: Tool
    severity: Severity

    async def call(self, arguments: JsonObject, luck: Luck) -> ToolResult:
        result = await self.healthy.call(arguments, luck)
        # An unknown record and a complaint about arguments are told by the status.
        if not result.found or not chosen_request("tool_empty_ok", luck, self.severity):
            return result
        emptied = envelope(result.content, arguments)
        # A list without rows was always told from one with rows; an object without fields was not.
        return replace(result, content=emptied, found="items" not in emptied)


def envelope(content: JsonValue, arguments: JsonObject) -> Mapping[str, JsonValue]:
    """Return what remains of a result without its rows: what was asked for, empty lists, zeros."""
    if not isinstance(content, Mapping):
        return {}
    asked = {str(value) for value in arguments.values()}
    emptied: dict[str, JsonValue] = {}
    for key, value in content.items():
        if key in _COUNTS:
            emptied[key] = 0
        elif isinstance(value, str):
            if value in asked:
                emptied[key] = value
        elif isinstance(value, list | tuple):
            emptied[key] = []
    return emptied


FAULT = PartFault(
    id="tool_empty_ok",
    seam=Seam.TOOLS,
    layer=Layer.TOOLS,
    summary="a tool whose rows were lost reports success with an empty result",
    taxonomy=("OWASP ASI02", "RAGEC E10"),
    shows_in=("rows of tool results", "rows of the SELECT below", "result size", "abstentions"),
    blind=("status codes", "tool calls", "groundedness", "latency"),
    excludes=("tool_stale_value", "tool_unit_error"),
    wrap=of_each(LosesTheRows),
    find="Compare the rows that a tool reports with the rows that the SELECT below it returned: "
    "the one is 0 where the other is not.",
    fix="Read the rows by the interface's present name, and let a result without the field that "
    "holds them be an error instead of an empty list.",
)
