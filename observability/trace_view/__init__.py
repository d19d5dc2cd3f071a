"""Traces for people: a tree with what matters at each step, and two runs beside each other."""

from observability.trace_view.alignment import (
    Comparison,
    Divergence,
    Pair,
    compare,
    first_divergence,
)
from observability.trace_view.behaviour import IGNORED, Difference, behaviour, differences
from observability.trace_view.errors import EmptyTraceError, TraceViewError
from observability.trace_view.facts import Fact, PassageFact, facts, passages
from observability.trace_view.links import compare_link, trace_link
from observability.trace_view.tree import Node, Step, TraceTree, agent_of, build_tree

__all__ = [
    "IGNORED",
    "Comparison",
    "Difference",
    "Divergence",
    "EmptyTraceError",
    "Fact",
    "Node",
    "Pair",
    "PassageFact",
    "Step",
    "TraceTree",
    "TraceViewError",
    "agent_of",
    "behaviour",
    "build_tree",
    "compare",
    "compare_link",
    "differences",
    "facts",
    "first_divergence",
    "passages",
    "trace_link",
]
