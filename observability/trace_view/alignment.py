"""Lays two runs of the same question beside each other and finds where they part."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from observability.recording import SpanRecord
from observability.trace_view.behaviour import Difference, differences
from observability.trace_view.layers import layer_of
from observability.trace_view.tree import Node, Step, TraceTree, agent_of, build_tree

SPAN = "span"
PRESENT = "present"
MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Pair:
    """The spans at one place of two traces; one of the two may be missing.

    ``path`` is the place in the left trace, or in the right one where the left
    has no such span.
    """

    path: tuple[Step, ...]
    left: Node | None
    right: Node | None
    differences: tuple[Difference, ...]
    children: tuple[Pair, ...]

    @property
    def one_sided(self) -> bool:
        """Tell whether only one of the traces has this span."""
        return self.left is None or self.right is None

    @property
    def node(self) -> Node:
        """Return the left node, or the right one where there is no left one."""
        node = self.left or self.right
        assert node is not None  # noqa: S101 - a pair is made from at least one node
        return node

    def walk(self) -> Iterator[Pair]:
        """Yield this pair and all below it, parents first, in order of time."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Divergence:
    """The first place, in causal order, where two runs behave differently.

    ``path`` runs from the root to the span. Where a span exists in one of the
    traces only, ``path`` is that of its parent, ``attribute`` is ``span NAME``
    and the values are ``present`` and ``missing``. Values are as recorded,
    None for an attribute that is not there.
    """

    path: tuple[Step, ...]
    agent: str
    layer: str
    attribute: str
    left: object
    right: object
    left_span_id: str | None
    right_span_id: str | None

    @property
    def span_name(self) -> str:
        """Return the name of the span at which the runs part."""
        return self.path[-1].name if self.path else ""

    @property
    def where(self) -> str:
        """Return the path as one line."""
        return " / ".join(str(step) for step in self.path)


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two traces laid beside each other."""

    left: TraceTree
    right: TraceTree
    pairs: tuple[Pair, ...]
    divergence: Divergence | None

    def walk(self) -> Iterator[Pair]:
        """Yield all pairs, parents first, in order of time."""
        for pair in self.pairs:
            yield from pair.walk()

    def parts_at(self, pair: Pair) -> bool:
        """Tell whether a pair is where the runs part."""
        return self.divergence is not None and pair.path == self.divergence.path


def compare(left: TraceTree, right: TraceTree) -> Comparison:
    """Align two trees by path and find the first divergence."""
    pairs = _align(left.roots, right.roots)
    return Comparison(left, right, pairs, _first(pairs))


def first_divergence(left: Sequence[SpanRecord], right: Sequence[SpanRecord]) -> Divergence | None:
    """Return where two runs part, or None if they behave alike.

    Causal order: what a span began with, then the spans below it in order of
    time, then what it ended with. A parent's sums and verdicts thus come after
    the steps that they follow from.
    """
    return compare(build_tree(left), build_tree(right)).divergence


def _align(left: Sequence[Node], right: Sequence[Node]) -> tuple[Pair, ...]:
    return tuple(_pair(a, b) for a, b in _matched(left, right))


def _matched(
    left: Sequence[Node], right: Sequence[Node]
) -> Iterator[tuple[Node | None, Node | None]]:
    """Match siblings by step: the left order, each right-only node after what precedes it."""
    by_step = {node.step: node for node in right}
    known = {node.step for node in left}
    waiting = list(right)
    for node in left:
        partner = by_step.get(node.step)
        if partner is not None:
            while waiting and waiting[0].step != node.step:
                if waiting[0].step in known:
                    # The two traces have these siblings in another order.
                    break
                yield None, waiting.pop(0)
            waiting = [other for other in waiting if other.step != node.step]
        yield node, partner
    for node in waiting:
        yield None, node


def _pair(left: Node | None, right: Node | None) -> Pair:
    node = left or right
    assert node is not None  # noqa: S101 - callers match at least one node
    found = differences(left.span, right.span) if left is not None and right is not None else []
    return Pair(
        path=node.path,
        left=left,
        right=right,
        differences=tuple(found),
        children=_align(left.children if left else (), right.children if right else ()),
    )


def _first(pairs: Sequence[Pair], parent: Pair | None = None) -> Divergence | None:
    for pair in pairs:
        found = _one_sided(pair, parent) if pair.one_sided else _within(pair)
        if found is not None:
            return found
    return None


def _within(pair: Pair) -> Divergence | None:
    begun = [difference for difference in pair.differences if difference.at_start]
    if begun:
        return _divergence(pair, begun[0])
    below = _first(pair.children, pair)
    if below is not None or not pair.differences:
        return below
    return _divergence(pair, pair.differences[0])


def _one_sided(pair: Pair, parent: Pair | None) -> Divergence:
    at = parent or pair
    kind = f"{SPAN} {pair.path[-1]}"
    difference = Difference(
        kind,
        PRESENT if pair.left else MISSING,
        PRESENT if pair.right else MISSING,
    )
    return _divergence(at, difference, layer_of(pair.path, kind))


def _divergence(pair: Pair, difference: Difference, layer: str | None = None) -> Divergence:
    return Divergence(
        path=pair.path,
        agent=agent_of(pair.path),
        layer=layer or layer_of(pair.path, difference.attribute),
        attribute=difference.attribute,
        left=difference.left,
        right=difference.right,
        left_span_id=pair.left.span.span_id if pair.left else None,
        right_span_id=pair.right.span.span_id if pair.right else None,
    )
