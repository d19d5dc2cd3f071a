"""Gives the spans of another application our names."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from observability.recording.records import SpanRecord
from observability.signals.mapping.form import Source, SpanRule, When, as_text
from observability.signals.mapping.rollups import with_rollups
from observability.signals.mapping.sources import SpanView, find, matches
from observability.telemetry import semconv

_HOLE = re.compile(r"\{([^{}]+)\}")
_NAMES: Mapping[str, str] = {
    semconv.OP_INVOKE_WORKFLOW: semconv.GEN_AI_WORKFLOW_NAME,
    semconv.OP_INVOKE_AGENT: semconv.GEN_AI_AGENT_NAME,
    semconv.OP_PLAN: semconv.GEN_AI_AGENT_NAME,
    semconv.OP_CHAT: semconv.GEN_AI_REQUEST_MODEL,
    semconv.OP_EXECUTE_TOOL: semconv.GEN_AI_TOOL_NAME,
    semconv.OP_RETRIEVAL: semconv.GEN_AI_DATA_SOURCE_ID,
    semconv.OP_EMBEDDINGS: semconv.GEN_AI_REQUEST_MODEL,
}
"""The attribute that stands behind the first word of a span's name, by operation."""


@dataclass(frozen=True, slots=True)
class SpanMapping:
    """How the spans of another application are turned into ours.

    ``digest`` stands for all that it does, so that what was made with it can
    be told from what was made with another.
    """

    name: str
    describes: str
    source: tuple[str, ...]
    digest: str
    rules: tuple[SpanRule, ...]
    attributes: Mapping[str, tuple[Source, ...]]

    def apply(self, spans: Sequence[SpanRecord]) -> tuple[SpanRecord, ...]:
        """Return the spans of one trace with our names beside theirs.

        What a span already says in our names stays. What we write for a whole
        request (sums of tokens and cost, how many calls) is put together from
        its spans where it is missing. Returns nothing for a trace that is no
        request, e.g. a health check. Never raises for what spans hold.
        """
        by_id = {span.span_id: span for span in spans}
        mapped = [self._mapped(span, by_id) for span in spans]
        return with_rollups(mapped) if is_request(mapped) else ()

    def _mapped(self, span: SpanRecord, by_id: Mapping[str, SpanRecord]) -> SpanRecord:
        rule = next((rule for rule in self.rules if _fits(rule.when, span, by_id)), None)
        view = SpanView(span)
        found: dict[str, Any] = dict(span.attributes)
        if rule is not None:
            _fill(found, rule.attributes, view)
        _fill(found, self.attributes, view)
        if rule is None:
            return replace(span, attributes=found)
        if rule.operation and found.get(semconv.GEN_AI_OPERATION_NAME) not in _NAMES:
            found[semconv.GEN_AI_OPERATION_NAME] = rule.operation
        return replace(
            span, name=_name(rule, span, found), kind=rule.kind or span.kind, attributes=found
        )


def is_request(spans: Sequence[SpanRecord]) -> bool:
    """Tell whether spans with our names are a request's: there is a step of generative AI.

    One that failed before it came to any counts too.
    """
    return any(semconv.GEN_AI_OPERATION_NAME in span.attributes or _failed(span) for span in spans)


def _failed(span: SpanRecord) -> bool:
    code = span.attributes.get(semconv.HTTP_RESPONSE_STATUS_CODE)
    return span.status == "ERROR" or (isinstance(code, int) and code >= 500)


def _fill(found: dict[str, Any], targets: Mapping[str, tuple[Source, ...]], view: SpanView) -> None:
    for target, sources in targets.items():
        # What is there stays, unless it is its own value that is to be another.
        if target in found and not any(target in source.from_ for source in sources):
            continue
        for source in sources:
            value = find(source, view)
            if value is not None:
                found[target] = value
                break


def _name(rule: SpanRule, span: SpanRecord, found: Mapping[str, Any]) -> str:
    if rule.name is not None:
        name = _HOLE.sub(lambda hole: as_text(found.get(hole[1], "")), rule.name).strip()
        return name or span.name
    operation = found.get(semconv.GEN_AI_OPERATION_NAME)
    if rule.operation is None or not isinstance(operation, str):
        return span.name
    return f"{operation} {found.get(_NAMES.get(operation, ''), span.name)}"


def _fits(when: When, span: SpanRecord, by_id: Mapping[str, SpanRecord]) -> bool:
    if not _fits_alone(when, span):
        return False
    return not when.outermost or not any(_fits_alone(when, above) for above in _above(span, by_id))


def _fits_alone(when: When, span: SpanRecord) -> bool:
    return (
        (when.kind is None or span.kind in when.kind)
        and (when.name is None or _any(when.name, span.name))
        and (when.service is None or _any(when.service, span.service))
        and all(
            key in span.attributes and _any(patterns, as_text(span.attributes[key]))
            for key, patterns in when.attributes.items()
        )
    )


def _any(patterns: Sequence[str], text: str) -> bool:
    return any(matches(pattern, text) for pattern in patterns)


def _above(span: SpanRecord, by_id: Mapping[str, SpanRecord]) -> Sequence[SpanRecord]:
    found: dict[str, SpanRecord] = {}
    parent = by_id.get(span.parent_id or "")
    # Parents that go round in a circle are possible in what comes from elsewhere.
    while parent is not None and parent.span_id not in found and parent is not span:
        found[parent.span_id] = parent
        parent = by_id.get(parent.parent_id or "")
    return tuple(found.values())
