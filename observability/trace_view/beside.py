"""Draws two traces beside each other for a terminal, with the place where they part."""

from __future__ import annotations

from collections.abc import Sequence

from rich.console import Group, RenderableType
from rich.table import Table
from rich.text import Text

from observability.telemetry import semconv
from observability.trace_view.alignment import Comparison, Pair
from observability.trace_view.facts import Fact, facts, passages, said
from observability.trace_view.outline import outline
from observability.trace_view.wording import clean, cut, parting

_PASSAGE_KEYS = frozenset(
    {semconv.RETRIEVAL_CHUNK_IDS, semconv.RETRIEVAL_DOCUMENT_IDS, semconv.RETRIEVAL_SCORES}
)
_OUTPUT_KEYS = frozenset({semconv.OUTPUT_VALUE, semconv.GEN_AI_OUTPUT_MESSAGES})


def render_comparison(
    comparison: Comparison, *, every_span: bool = False, width: int = 120
) -> RenderableType:
    """Return two traces beside each other, with the first divergence marked.

    A step that is the same in both is shown once and dimly; of a step that
    differs the facts that differ are shown for A and for B.
    """
    table = Table(box=None, pad_edge=False, expand=True)
    table.add_column("", width=1)
    table.add_column("step", ratio=5, overflow="fold")
    table.add_column(f"A  {comparison.left.trace_id[:8]}", ratio=6, overflow="fold")
    table.add_column(f"B  {comparison.right.trace_id[:8]}", ratio=6, overflow="fold")
    for line in outline(comparison.pairs, every_span):
        pair = line.item
        parts = comparison.parts_at(pair)
        left, right = _beside(pair)
        name = Text(line.guide, style="dim")
        name.append(clean(pair.node.span.name), style=_style_of(pair, parts))
        if parts:
            name.append("\n" + line.below, style="dim")
            name.append("here the runs part", style="bold black on yellow")
        table.add_row(
            Text(_mark(pair), style="bold yellow" if parts else "yellow"), name, left, right
        )
    return Group(table, Text(), _summary(comparison, width))


def _summary(comparison: Comparison, width: int) -> RenderableType:
    if comparison.divergence is None:
        return Text("The two runs behave alike: nothing but ids and times differs.", style="green")
    grid = Table.grid(padding=(0, 2))
    grid.add_column(style="dim", no_wrap=True)
    grid.add_column(overflow="fold")
    for label, value in parting(comparison.divergence, limit=max(60, 2 * (width - 12))):
        style = {"A": "cyan", "B": "magenta"}.get(label, "")
        grid.add_row(label, Text(clean(value), style=style))
    differing = sum(bool(pair.differences) or pair.one_sided for pair in comparison.walk())
    total = sum(1 for _ in comparison.walk())
    return Group(
        Text("Where the two runs part", style="bold"),
        grid,
        Text(f"{differing} of {total} steps differ in all.", style="dim"),
    )


def _beside(pair: Pair) -> tuple[Text, Text]:
    if pair.left is None or pair.right is None:
        missing = Text("no such step", style="dim italic")
        there = Text(_listed(facts(pair.node.span)), style="bold")
        return (there, missing) if pair.right is None else (missing, there)
    differing = {difference.attribute for difference in pair.differences}
    left, right = (
        {fact.label: fact for fact in facts(node.span)} for node in (pair.left, pair.right)
    )
    labels = [
        label
        for label in dict.fromkeys((*left, *right))
        if any(differing.intersection(f[label].keys) for f in (left, right) if label in f)
    ]
    if not labels and not differing:
        same = Text(_listed(list(left.values())[:2]), style="dim")
        return same, Text("=", style="dim")
    columns = []
    for side, node, colour in ((left, pair.left, "cyan"), (right, pair.right, "magenta")):
        column = Text()
        for label in labels:
            column.append(("\n" if column else "") + label + " ", style="dim")
            column.append(cut(clean(side[label].text), 120) if label in side else "—", style=colour)
        if _PASSAGE_KEYS & differing:
            for passage in passages(node.span):
                where = clean(passage.chunk_id or passage.document_id)
                score = f"  {passage.score:.3f}" if passage.score is not None else ""
                column.append(f"\n{passage.rank}. {where}{score}", style=colour)
        if _OUTPUT_KEYS & differing:
            column.append(f"\n“{cut(clean(said(node.span)), 120)}”", style=f"italic {colour}")
        if not column:
            names = ", ".join(d.attribute for d in pair.differences[:3])
            column.append(f"differs in {names}", style=colour)
        columns.append(column)
    return columns[0], columns[1]


def _listed(found: Sequence[Fact]) -> str:
    return " · ".join(f"{fact.label} {cut(clean(fact.text), 60)}" for fact in found)


def _mark(pair: Pair) -> str:
    if pair.one_sided:
        return "−" if pair.right is None else "+"
    return "≠" if pair.differences else ""


def _style_of(pair: Pair, parts: bool) -> str:
    if parts:
        return "bold yellow"
    return "bold" if pair.differences or pair.one_sided else "dim"
