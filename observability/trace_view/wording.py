"""Puts values and differences into words that fit on a line and are safe to print."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import takewhile

from observability.trace_view.alignment import Divergence

ABSENT = "—"


def clean(text: str) -> str:
    """Return the text without control and direction characters, on one line.

    Questions and documents are other people's words: an escape sequence in one
    of them must not reach a terminal.
    """
    kept = (" " if char in "\n\t\r" else char for char in text)
    return "".join("�" if unicodedata.category(c) in _UNSAFE else c for c in kept)


_UNSAFE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn"})


def shown(value: object) -> str:
    """Return a recorded value as text."""
    if value is None:
        return ABSENT
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6g}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(shown(item) for item in value) or "(none)"
    return str(value)


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def excerpts(left: object, right: object, limit: int = 160) -> tuple[str, str]:
    """Return both values as text of at most ``limit`` characters, from where they differ.

    What two long values have in common at the start is left out.
    """
    a, b = shown(left), shown(right)
    if max(len(a), len(b)) <= limit:
        return a, b
    common = sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], zip(a, b, strict=False)))
    start = max(0, common - limit // 4)
    lead = "…" if start else ""
    room = limit - len(lead)
    return lead + cut(a[start:], room), lead + cut(b[start:], room)


def parting(divergence: Divergence, limit: int = 160) -> list[tuple[str, str]]:
    """Return what there is to say about a divergence, as labels and values."""
    left, right = excerpts(divergence.left, divergence.right, limit)
    return [
        ("where", divergence.where),
        ("agent", divergence.agent),
        ("layer", divergence.layer),
        ("what", divergence.attribute),
        ("A", left),
        ("B", right),
    ]


def visible_text(text: str) -> str:
    """Return the text without control and direction characters, its lines kept."""
    return "".join(
        char if char in "\n\t" or unicodedata.category(char) not in _UNSAFE else "�"
        for char in text
    )
