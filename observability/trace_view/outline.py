"""Lists the steps of a tree as lines with branches, without the spans that only pass on a call."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from observability.recording import SpanRecord
from observability.telemetry import semconv
from observability.trace_view.alignment import Pair
from observability.trace_view.tree import Node

_FIRST_ERROR_STATUS = 400

Item = TypeVar("Item", Node, Pair)


@dataclass(frozen=True, slots=True)
class Line(Generic[Item]):
    """A step with the branches before its name, and before further lines of it."""

    item: Item
    guide: str
    below: str


def outline(items: Sequence[Item], every_span: bool) -> Iterator[Line[Item]]:
    """Yield the steps, parents first; the left-out ones are replaced by what is below them."""
    for item in visible(items, every_span):
        yield from _draw(item, "", "", every_span)


def _draw(item: Item, guide: str, before: str, every_span: bool) -> Iterator[Line[Item]]:
    children = list(visible(item.children, every_span))
    yield Line(item, guide, before + ("│ " if children else "  "))
    for child in children:
        last = child is children[-1]
        yield from _draw(
            child, before + ("└ " if last else "├ "), before + ("  " if last else "│ "), every_span
        )


def visible(items: Sequence[Item], every_span: bool) -> Iterator[Item]:
    """Yield the items to be shown, in place of each other one what lies below it."""
    for item in items:
        if not every_span and is_plumbing(item):
            yield from visible(item.children, every_span)
        else:
            yield item


def is_plumbing(item: Node | Pair) -> bool:
    """Tell whether a span is one end of an inner HTTP call that went well on both sides."""
    if isinstance(item, Node):
        return len(item.path) > 1 and _passes_on(item.span)
    nodes = [node for node in (item.left, item.right) if node is not None]
    return len(item.path) > 1 and not item.one_sided and all(_passes_on(n.span) for n in nodes)


def _passes_on(span: SpanRecord) -> bool:
    status = span.attributes.get(semconv.HTTP_RESPONSE_STATUS_CODE)
    went_well = isinstance(status, int) and status < _FIRST_ERROR_STATUS
    return span.kind in ("CLIENT", "SERVER") and span.status != "ERROR" and went_well
