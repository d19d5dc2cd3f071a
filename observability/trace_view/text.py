"""Draws one trace for a terminal: a tree with what matters at each step and a waterfall."""

from __future__ import annotations

import io

from rich.console import Console, Group, RenderableType
from rich.table import Table
from rich.text import Text

from observability.recording import SpanRecord
from observability.trace_view.facts import Fact, facts, passages, said
from observability.trace_view.outline import Line, outline
from observability.trace_view.tree import Node, TraceTree
from observability.trace_view.wording import clean, cut

_BAR = 16
_SAID = 160
_LONGEST = 120
_TIME = 9
_WIDE = 90


def render_tree(tree: TraceTree, *, every_span: bool = False, width: int = 120) -> RenderableType:
    """Return one trace as a tree with what matters at each step and a waterfall.

    Without ``every_span`` the HTTP spans that only pass a call on are left out.
    """
    table = Table(box=None, pad_edge=False, padding=(0, 1, 0, 0), show_header=False)
    wide = width >= _WIDE
    room = width - _TIME - 1 - (_BAR + 1 if wide else 0)
    table.add_column(width=room, overflow="fold")
    table.add_column(justify="right", no_wrap=True, width=_TIME)
    if wide:
        table.add_column(no_wrap=True, width=_BAR)
    errors = sum(node.span.status == "ERROR" for node in tree.walk())
    for line in outline(tree.roots, every_span):
        span = line.item.span
        row: list[RenderableType] = [
            _step(line, span, room),
            Text(milliseconds(span.duration_ms), style="dim"),
        ]
        if wide:
            row.append(_bar(tree, span))
        table.add_row(*row)
    count = sum(1 for _ in tree.walk())
    head = Text.assemble(
        ("trace ", "dim"),
        (tree.trace_id, "bold"),
        (f"  {count} spans, {milliseconds(tree.duration_ms)}, ", "dim"),
        (f"{errors} with status ERROR", "red" if errors else "dim"),
    )
    return Group(head, table)


def print_plain(renderable: RenderableType, width: int = 120) -> str:
    """Return what would be printed, without colour, for files and tests."""
    written = io.StringIO()
    Console(file=written, width=width, no_color=True, highlight=False).print(renderable)
    return written.getvalue()


def _step(line: Line[Node], span: SpanRecord, width: int) -> Text:
    head = Text(clean(span.name), style="bold red" if span.status == "ERROR" else "bold")
    for number, fact in enumerate(facts(span)):
        head.append("  " if number == 0 else " · ", style="dim not bold")
        _append(head, fact)
    parts = [head]
    for passage in passages(span):
        text = Text(f"{passage.rank}. ", style="dim")
        text.append(clean(passage.chunk_id or passage.document_id), style="not dim green")
        for label, value in (("score", passage.score), ("similarity", passage.similarity)):
            if value is not None:
                text.append(f"  {label} ")
                text.append(f"{value:.3f}", style="not dim")
        parts.append(text)
    words = said(span)
    if words:
        parts.append(Text("“" + cut(clean(words), _SAID) + "”", style="italic"))
    # Wrapped here, so that the branches run on beside what is wrapped.
    console = Console(width=max(width, 20))
    wrapped = [
        row for part in parts for row in part.wrap(console, max(width - len(line.below), 20))
    ]
    text = Text()
    for number, row in enumerate(wrapped):
        text.append("\n" * bool(number) + (line.below if number else line.guide), style="dim")
        text.append_text(row)
    return text


def _append(text: Text, fact: Fact) -> None:
    text.append(fact.label + " ", style="not bold red" if fact.label == "error" else "not bold dim")
    text.append(cut(clean(fact.text), _LONGEST), style="not bold")


def _bar(tree: TraceTree, span: SpanRecord) -> Text:
    total = max(tree.end_ns - tree.start_ns, 1)
    first = int((span.start_ns - tree.start_ns) / total * _BAR)
    first = min(first, _BAR - 1)
    length = max(1, round((span.end_ns - span.start_ns) / total * _BAR))
    length = min(length, _BAR - first)
    bar = Text("·" * first, style="dim")
    bar.append("█" * length, style="red" if span.status == "ERROR" else "blue")
    bar.append("·" * (_BAR - first - length), style="dim")
    return bar


def milliseconds(value: float) -> str:
    """Return a duration as a person writes it."""
    if value >= 10_000:
        return f"{value / 1000:.1f} s"
    return f"{value:.0f} ms" if value >= 10 else f"{value:.1f} ms"
