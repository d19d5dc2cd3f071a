"""Puts the spans of one trace back into a tree, children in the order in which they began."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from observability.recording import SpanRecord
from observability.telemetry import semconv
from observability.trace_view.errors import EmptyTraceError


@dataclass(frozen=True, slots=True)
class Step:
    """A span's place under its parent: its name, and which one of that name it is, from 1."""

    name: str
    ordinal: int

    def __str__(self) -> str:
        return self.name if self.ordinal == 1 else f"{self.name} [{self.ordinal}]"


@dataclass(frozen=True, slots=True)
class Node:
    """A span with its place and the spans below it."""

    span: SpanRecord
    path: tuple[Step, ...]
    children: tuple[Node, ...]

    @property
    def step(self) -> Step:
        """Return the last step of the path."""
        return self.path[-1]

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, parents first, in order of time."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class TraceTree:
    """One trace. ``roots`` has more than one element if spans of it are missing.

    ``start_ns`` and ``end_ns`` are those of its earliest and latest span.
    """

    trace_id: str
    roots: tuple[Node, ...]
    start_ns: int
    end_ns: int

    @property
    def duration_ms(self) -> float:
        """Return milliseconds from the first start to the last end."""
        return (self.end_ns - self.start_ns) / 1e6

    def walk(self) -> Iterator[Node]:
        """Yield all nodes, parents first, in order of time."""
        for root in self.roots:
            yield from root.walk()


def build_tree(spans: Sequence[SpanRecord]) -> TraceTree:
    """Return the tree of one trace's spans, given in any order.

    A span whose parent is not among them becomes a root. Raises
    ``EmptyTraceError`` without a span.
    """
    if not spans:
        raise EmptyTraceError("the trace has no spans")
    known = {span.span_id for span in spans}
    below: dict[str | None, list[SpanRecord]] = defaultdict(list)
    for span in spans:
        parent = span.parent_id if span.parent_id in known else None
        below[parent].append(span)

    def grow(siblings: list[SpanRecord], path: tuple[Step, ...]) -> tuple[Node, ...]:
        # Of siblings that began together (in virtual time many do), the one that
        # ended first came first; the sort is stable and spans are kept as they end.
        ordered = sorted(siblings, key=lambda span: (span.start_ns, span.end_ns))
        seen: dict[str, int] = defaultdict(int)
        nodes = []
        for span in ordered:
            seen[span.name] += 1
            here = (*path, Step(span.name, seen[span.name]))
            nodes.append(Node(span, here, grow(below[span.span_id], here)))
        return tuple(nodes)

    return TraceTree(
        trace_id=spans[0].trace_id,
        roots=grow(below[None], ()),
        start_ns=min(span.start_ns for span in spans),
        end_ns=max(span.end_ns for span in spans),
    )


def agent_of(node_path: Sequence[Step]) -> str:
    """Return the agent in whose work a path ends, or the workflow's step outside of one.

    The last ``invoke_agent`` of the path decides; ``gateway`` is what lies
    above the workflow.
    """
    agent = "gateway"
    for step in node_path:
        first, _, rest = step.name.partition(" ")
        if first == semconv.SPAN_INVOKE_AGENT and rest:
            agent = rest
        elif first == semconv.SPAN_INVOKE_WORKFLOW:
            agent = "workflow"
        elif agent == "workflow" and first.startswith("stillgreen."):
            agent = first.removeprefix("stillgreen.")
    return agent
