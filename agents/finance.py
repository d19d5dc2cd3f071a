"""The finance agent: lets the model look records up in the ledger."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from agents.case import Case
from agents.evidence import record_evidence
from agents.handoff import Handover
from agents.ports import (
    ChatReply,
    Evidence,
    Message,
    Tool,
    ToolCall,
    ToolDefinition,
    ToolResult,
)
from agents.spans import agent_span
from corpus.ports import Entity
from observability.telemetry import SpanHandle, Telemetry, semconv

ARGUMENTS = {"invoice": "invoice_id", "purchase_order": "po_id", "vendor": "vendor_id"}
"""The tools' argument that takes an entity, by the entity's kind."""


@dataclass(frozen=True, slots=True)
class Records:
    """What the tools gave back, and the part of it that an answer may rest on."""

    results: Sequence[ToolResult]
    evidence: Sequence[Evidence]
    limit_reached: bool


class Finance:
    """Offers the tools to the model for a few turns.

    ``names`` maps vendor ids to names.
    """

    def __init__(
        self, telemetry: Telemetry, names: Mapping[str, str], turns: int, calls: int
    ) -> None:
        self._telemetry = telemetry
        self._names = names
        self._turns = turns
        self._calls = calls

    async def run(self, case: Case, given: Handover, thorough: bool = False) -> Records:
        """Return what was looked up, or raise ``ToolError`` or ``ModelError``.

        When ``thorough``, every other tool is called too whose arguments are known.
        """
        with agent_span(self._telemetry, "finance", given) as span:
            records = await self._look_up(case, given)
            if thorough:
                records = await self._look_up_the_rest(case, given, records)
            span.set(semconv.TOOL_COUNT, len(records.results))
            span.set(semconv.AGENT_STEPS, case.calls.spent("finance").calls + len(records.results))
            span.set(semconv.COST_USD, case.calls.spent("finance").cost_usd)
            span.set(semconv.STEP_LIMIT_REACHED, records.limit_reached)
        return records

    async def _look_up(self, case: Case, given: Handover) -> Records:
        tools = {tool.definition.name: tool for tool in case.parts.tools}
        messages = [
            Message("system", case.parts.prompts.render("finance", case.luck, {})),
            Message(
                "user",
                case.parts.prompts.render(
                    "lookup",
                    case.luck,
                    {"known": known_line(given.entities), "question": given.question},
                ),
            ),
        ]
        results: list[ToolResult] = []
        evidence: list[Evidence] = []
        for _ in range(self._turns):
            reply = await self._turn(case, messages, tools)
            if not reply.tool_calls:
                return Records(results, evidence, limit_reached=False)
            messages.append(Message("assistant", reply.content, reply.tool_calls))
            for call in reply.tool_calls[: self._calls - len(results)]:
                result = await self._call(case, tools, call)
                results.append(result)
                piece = self._evidence(len(results), result)
                if piece is not None:
                    evidence.append(piece)
                # The model that calls reads a result as the model that answers will.
                told = _json(result.content) if piece is None else piece.text
                messages.append(Message("tool", told, tool_call_id=call.id))
            if len(results) >= self._calls:
                break
        return Records(results, evidence, limit_reached=True)

    async def _look_up_the_rest(self, case: Case, given: Handover, found: Records) -> Records:
        """Call the tools that were not called yet, with what is known, up to the limit."""
        tools = {tool.definition.name: tool for tool in case.parts.tools}
        results, evidence = list(found.results), list(found.evidence)
        called = {result.name for result in results}
        for name, tool in tools.items():
            arguments = _arguments(tool.definition, given.entities, results)
            if name in called or arguments is None:
                continue
            if len(results) >= self._calls:
                return Records(results, evidence, limit_reached=True)
            call = ToolCall(f"further-{len(results) + 1}", name, arguments)
            results.append(await self._call(case, tools, call))
            piece = self._evidence(len(results), results[-1])
            if piece is not None:
                evidence.append(piece)
        return Records(results, evidence, found.limit_reached)

    async def _turn(
        self, case: Case, messages: Sequence[Message], tools: Mapping[str, Tool]
    ) -> ChatReply:
        definitions = [tool.definition for tool in tools.values()]
        return await case.calls.chat("finance", tuple(messages), tools=definitions, max_tokens=200)

    async def _call(self, case: Case, tools: Mapping[str, Tool], call: ToolCall) -> ToolResult:
        attributes = {
            semconv.GEN_AI_OPERATION_NAME: semconv.OP_EXECUTE_TOOL,
            semconv.OPENINFERENCE_SPAN_KIND: semconv.OI_TOOL,
            semconv.GEN_AI_TOOL_NAME: call.name,
            semconv.GEN_AI_TOOL_TYPE: "function",
            semconv.GEN_AI_TOOL_CALL_ID: call.id,
            semconv.TOOL_ARGUMENT_NAMES: sorted(call.arguments),
        }
        with self._telemetry.span(f"{semconv.SPAN_EXECUTE_TOOL} {call.name}", attributes) as span:
            span.content(semconv.GEN_AI_TOOL_CALL_ARGUMENTS, lambda: _json(call.arguments))
            tool = tools.get(call.name)
            if tool is None:
                content = {"error": f"there is no tool {call.name}"}
                result = ToolResult(call.name, call.arguments, content, found=False)
            else:
                result = await tool.call(call.arguments, case.luck)
            _show_result(span, result)
        await case.tell("finance", call.name)
        return result

    def _evidence(self, number: int, result: ToolResult) -> Evidence | None:
        return None if _is_complaint(result) else record_evidence(number, result, self._names)


def known_line(entities: Sequence[Entity]) -> str:
    """Write the entities the way the prompts give them: ``Known: invoice_id=…``, or nothing."""
    known = [
        f"{ARGUMENTS[entity.kind]}={entity.id}"
        + (f" ({entity.name})" if entity.name != entity.id else "")
        for entity in entities
        if entity.kind in ARGUMENTS
    ]
    return f"Known: {'; '.join(known)}\n" if known else ""


def _arguments(
    tool: ToolDefinition, entities: Sequence[Entity], results: Sequence[ToolResult]
) -> dict[str, str] | None:
    """Return what a tool asks for as far as it is known, None when that is not all of it.

    What the question names comes before what a record names, and the first
    one of a kind before the others.
    """
    known: dict[str, str] = {}
    for entity in entities:
        if entity.kind in ARGUMENTS:
            known.setdefault(ARGUMENTS[entity.kind], entity.id)
    for result in results:
        record = result.content if isinstance(result.content, Mapping) else {}
        for name in ARGUMENTS.values():
            value = record.get(name)
            if isinstance(value, str):
                known.setdefault(name, value)
    required = tool.parameters.get("required")
    names = required if isinstance(required, Sequence) and not isinstance(required, str) else ()
    asked = [str(name) for name in names]
    return {name: known[name] for name in asked} if all(n in known for n in asked) else None


def _show_result(span: SpanHandle, result: ToolResult) -> None:
    text = _json(result.content)
    items = result.content.get("items") if isinstance(result.content, Mapping) else None
    span.update(
        {
            semconv.TOOL_FOUND: result.found,
            semconv.TOOL_RESULT_SIZE: len(text),
            semconv.TOOL_RESULT_ROWS: (
                len(items) if isinstance(items, Sequence) else int(result.found)
            ),
        }
    )
    span.content(semconv.GEN_AI_TOOL_CALL_RESULT, text)


def _is_complaint(result: ToolResult) -> bool:
    return isinstance(result.content, Mapping) and "error" in result.content


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
