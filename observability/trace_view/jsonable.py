"""Turns trees and comparisons into plain values for JSON."""

from __future__ import annotations

from observability.trace_view.alignment import Comparison, Pair
from observability.trace_view.tree import Node, TraceTree, agent_of

Json = dict[str, object]


def tree_json(tree: TraceTree) -> Json:
    """Return one trace as nested spans, with all attributes and events."""
    return {
        "trace_id": tree.trace_id,
        "duration_ms": tree.duration_ms,
        "spans": [_node(node) for node in tree.roots],
    }


def comparison_json(comparison: Comparison) -> Json:
    """Return where two traces part and every step that differs, parents first."""
    found = comparison.divergence
    return {
        "a": comparison.left.trace_id,
        "b": comparison.right.trace_id,
        "alike": found is None,
        "divergence": None
        if found is None
        else {
            "path": [str(step) for step in found.path],
            "span": found.span_name,
            "agent": found.agent,
            "layer": found.layer,
            "attribute": found.attribute,
            "a": found.left,
            "b": found.right,
            "a_span_id": found.left_span_id,
            "b_span_id": found.right_span_id,
        },
        "differing": [
            _pair(pair) for pair in comparison.walk() if pair.differences or pair.one_sided
        ],
    }


def _node(node: Node) -> Json:
    span = node.span
    return {
        "span_id": span.span_id,
        "name": span.name,
        "service": span.service,
        "kind": span.kind,
        "agent": agent_of(node.path),
        "start_ns": span.start_ns,
        "duration_ms": span.duration_ms,
        "status": span.status,
        "attributes": dict(span.attributes),
        "events": [
            {"name": event.name, "time_ns": event.time_ns, "attributes": dict(event.attributes)}
            for event in span.events
        ],
        "children": [_node(child) for child in node.children],
    }


def _pair(pair: Pair) -> Json:
    return {
        "path": [str(step) for step in pair.path],
        "in_a": pair.left is not None,
        "in_b": pair.right is not None,
        "attributes": [
            {"attribute": item.attribute, "a": item.left, "b": item.right}
            for item in pair.differences
        ],
    }
