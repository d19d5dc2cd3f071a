"""What the HTML page shows, put together from one trace or from two."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from observability.recording import SpanRecord
from observability.telemetry import semconv
from observability.trace_view.alignment import Comparison, Pair
from observability.trace_view.behaviour import IGNORED, same
from observability.trace_view.facts import Fact, PassageFact, facts, passages, readable, said
from observability.trace_view.outline import is_plumbing
from observability.trace_view.text import milliseconds
from observability.trace_view.tree import Node, TraceTree
from observability.trace_view.wording import cut, excerpts, shown

_MESSAGES = frozenset(
    {
        semconv.GEN_AI_INPUT_MESSAGES,
        semconv.GEN_AI_OUTPUT_MESSAGES,
        semconv.GEN_AI_SYSTEM_INSTRUCTIONS,
    }
)
_COLOURS = {
    semconv.SPAN_CHAT: "model",
    semconv.SPAN_EXECUTE_TOOL: "tool",
    semconv.SPAN_SELECT: "tool",
    semconv.SPAN_RETRIEVAL: "retrieval",
    semconv.SPAN_EMBEDDINGS: "retrieval",
    semconv.SPAN_QUERY: "retrieval",
    semconv.SPAN_LEXICAL: "retrieval",
    semconv.SPAN_FILTER: "retrieval",
    semconv.SPAN_RERANK: "retrieval",
    semconv.SPAN_CONTEXT: "retrieval",
    semconv.SPAN_INVOKE_AGENT: "agent",
    semconv.SPAN_INVOKE_WORKFLOW: "agent",
    semconv.SPAN_PLAN: "agent",
    semconv.SPAN_INTENT: "agent",
}


@dataclass(frozen=True, slots=True)
class ShownFact:
    """A fact, and whether it is one that differs between the two traces."""

    fact: Fact
    differs: bool


@dataclass(frozen=True, slots=True)
class Side:
    """One trace's span in a row. ``left`` and ``width`` are per cent of its trace's time."""

    facts: tuple[ShownFact, ...]
    passages: tuple[PassageFact, ...]
    said: str
    said_differs: bool
    duration: str
    left: float
    width: float
    failed: bool


@dataclass(frozen=True, slots=True)
class AttributeRow:
    """One attribute of a row's spans. ``note`` says why it is not compared, if it is not."""

    key: str
    values: tuple[str, ...]
    differs: bool
    note: str


@dataclass(frozen=True, slots=True)
class Row:
    """One step of the page's tree. ``differs_below`` includes the row itself."""

    name: str
    service: str
    kind: str
    colour: str
    mark: str
    parts_here: bool
    plumbing: bool
    differs_below: bool
    sides: tuple[Side | None, ...]
    attributes: tuple[AttributeRow, ...]
    children: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """What one trace comes to."""

    letter: str
    trace_id: str
    question: str
    answer: str
    status: str
    spans: int
    failed: int
    duration: str
    facts: tuple[Fact, ...]


def card(tree: TraceTree, letter: str) -> Card:
    """Return the summary of one trace."""
    nodes = list(tree.walk())
    root = nodes[0].span
    flow = next(
        (n.span for n in nodes if n.span.name.startswith(semconv.SPAN_INVOKE_WORKFLOW)), root
    )
    return Card(
        letter=letter,
        trace_id=tree.trace_id,
        question=readable(str(flow.attributes.get(semconv.INPUT_VALUE, ""))),
        answer=said(flow),
        status=shown(root.attributes.get(semconv.HTTP_RESPONSE_STATUS_CODE)),
        spans=len(nodes),
        failed=sum(node.span.status == "ERROR" for node in nodes),
        duration=milliseconds(tree.duration_ms),
        facts=tuple(facts(flow)),
    )


def rows_of(tree: TraceTree) -> tuple[Row, ...]:
    """Return the rows of one trace."""
    return tuple(_single(node, tree) for node in tree.roots)


def rows_of_pair(comparison: Comparison) -> tuple[Row, ...]:
    """Return the rows of two traces beside each other."""
    return tuple(_double(pair, comparison) for pair in comparison.pairs)


def _single(node: Node, tree: TraceTree) -> Row:
    span = node.span
    return Row(
        name=span.name,
        service=span.service,
        kind=span.kind,
        colour=_colour(span),
        mark="",
        parts_here=False,
        plumbing=is_plumbing(node),
        differs_below=False,
        sides=(_side(span, tree, frozenset()),),
        attributes=_attributes((span,)),
        children=tuple(_single(child, tree) for child in node.children),
    )


def _double(pair: Pair, comparison: Comparison) -> Row:
    children = tuple(_double(child, comparison) for child in pair.children)
    differing = frozenset(difference.attribute for difference in pair.differences)
    trees = (comparison.left, comparison.right)
    nodes = (pair.left, pair.right)
    span = pair.node.span
    differs = bool(differing) or pair.one_sided
    if pair.one_sided:
        mark = "only in A" if pair.right is None else "only in B"
    else:
        mark = "differs" if differing else ""
    return Row(
        name=span.name,
        service=span.service,
        kind=span.kind,
        colour=_colour(span),
        mark=mark,
        parts_here=comparison.parts_at(pair),
        plumbing=is_plumbing(pair) and not differing,
        differs_below=differs or any(child.differs_below for child in children),
        sides=tuple(
            _side(node.span, tree, differing) if node is not None else None
            for node, tree in zip(nodes, trees, strict=True)
        ),
        attributes=_attributes(tuple(node.span if node else None for node in nodes)),
        children=children,
    )


def _side(span: SpanRecord, tree: TraceTree, differing: frozenset[str]) -> Side:
    total = max(tree.end_ns - tree.start_ns, 1)
    left = 100 * (span.start_ns - tree.start_ns) / total
    width = 100 * (span.end_ns - span.start_ns) / total
    return Side(
        facts=tuple(
            ShownFact(fact, bool(differing.intersection(fact.keys))) for fact in facts(span)
        ),
        passages=tuple(passages(span)),
        said=cut(said(span), 600),
        said_differs=bool(
            differing
            & {semconv.OUTPUT_VALUE, semconv.GEN_AI_OUTPUT_MESSAGES, semconv.ANSWER_LENGTH}
        ),
        duration=milliseconds(span.duration_ms),
        left=round(min(left, 99.0), 2),
        width=round(max(width, 0.6), 2),
        failed=span.status == "ERROR",
    )


def _attributes(spans: Sequence[SpanRecord | None]) -> tuple[AttributeRow, ...]:
    columns = [_everything(span) if span is not None else {} for span in spans]
    keys = sorted({key for column in columns for key in column})
    rows = []
    for key in keys:
        values = tuple(column.get(key) for column in columns)
        differs = len(spans) > 1 and key not in IGNORED and not same(values[0], values[-1])
        texts = tuple(_shown(key, value) for value in values)
        if differs and len(texts) == 2:
            texts = excerpts(texts[0], texts[1], 4000)
        rows.append(AttributeRow(key, texts, differs, IGNORED.get(key, "")))
    # What differs stands first.
    return tuple(sorted(rows, key=lambda row: not row.differs))


def _everything(span: SpanRecord) -> dict[str, object]:
    found: dict[str, object] = dict(span.attributes)
    if span.status != "UNSET":
        found["status"] = span.status
    for number, event in enumerate(span.events, start=1):
        name = event.attributes.get(semconv.GEN_AI_EVALUATION_NAME, number)
        for key, value in event.attributes.items():
            found[f"{event.name}[{name}].{key}"] = value
    return found


def _shown(key: str, value: object) -> str:
    return readable(value) if key in _MESSAGES and isinstance(value, str) else shown(value)


def _colour(span: SpanRecord) -> str:
    if span.kind in ("CLIENT", "SERVER"):
        return "http"
    return _COLOURS.get(span.name.partition(" ")[0], "agent" if " " not in span.name else "http")
