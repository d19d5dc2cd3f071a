"""Writes one trace, or two beside each other, as one HTML page that needs nothing else.

The page loads no resource and forbids itself to: its policy allows exactly the
style and the script that it was written with. Everything recorded is text that
other people may have written, so the template escapes all of it.
"""

from __future__ import annotations

import hashlib
from base64 import b64encode
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, StrictUndefined
from markupsafe import Markup

from observability.trace_view.alignment import Comparison
from observability.trace_view.links import compare_link, trace_link
from observability.trace_view.page_model import Card, Row, card, rows_of, rows_of_pair
from observability.trace_view.tree import TraceTree
from observability.trace_view.wording import parting, visible_text


def tree_page(tree: TraceTree, jaeger_url: str = "") -> str:
    """Return the page of one trace."""
    links = [("this trace in Jaeger", trace_link(jaeger_url, tree.trace_id))] if jaeger_url else []
    return _page([card(tree, "")], rows_of(tree), None, links)


def comparison_page(comparison: Comparison, jaeger_url: str = "") -> str:
    """Return the page of two traces."""
    a, b = comparison.left.trace_id, comparison.right.trace_id
    links = []
    if jaeger_url:
        links = [
            ("both compared in Jaeger", compare_link(jaeger_url, a, b)),
            ("A in Jaeger", trace_link(jaeger_url, a)),
            ("B in Jaeger", trace_link(jaeger_url, b)),
        ]
    cards = [card(comparison.left, "A"), card(comparison.right, "B")]
    return _page(cards, rows_of_pair(comparison), comparison, links)


def _page(
    cards: Sequence[Card],
    rows: Sequence[Row],
    comparison: Comparison | None,
    links: Sequence[tuple[str, str]],
) -> str:
    style, script = _part("page.css"), _part("page.js")
    environment = Environment(autoescape=True, undefined=StrictUndefined, finalize=_printable)
    divergence = comparison.divergence if comparison is not None else None
    return environment.from_string(_part("page.html")).render(
        cards=cards,
        rows=rows,
        two=comparison is not None,
        parting=dict(parting(divergence, limit=600)) if divergence else {},
        path=[str(step) for step in divergence.path] if divergence else [],
        links=links,
        style=Markup(style),  # noqa: S704 - a file of this package
        script=Markup(script),  # noqa: S704 - a file of this package
        style_hash=_hash(style),
        script_hash=_hash(script),
    )


def _printable(value: object) -> object:
    return visible_text(value) if type(value) is str else value


def _part(name: str) -> str:
    return files(__package__).joinpath(name).read_text(encoding="utf-8").strip()


def _hash(text: str) -> str:
    return "sha256-" + b64encode(hashlib.sha256(text.encode()).digest()).decode()
