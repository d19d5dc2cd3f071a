"""Say a segment in words: a sentence as it stands, a key-value line or a row as a sentence."""

from __future__ import annotations

import re

from services.llm.attention import Attention
from services.llm.glossary import concepts, rivals
from services.llm.ranges import named_figures, stated_range
from services.llm.segments import Segment
from services.llm.values import Kind, find_values
from services.llm.words import denies, stems

_SURPLUS = 0.15
"""What a word of a column's name that neither question nor row label explains takes away."""
_MEANT = 0.05
"""What a unit of nearness by the learned maps counts beside a shared word's 1."""


def say(segment: Segment, attention: Attention) -> str:
    """Return a segment as a sentence; of a table row only what was asked for."""
    if segment.kind == "pair":
        return _say_pair(segment.key, segment.value)
    if segment.kind == "row" and segment.cells:
        return _say_row(segment, attention)
    return re.sub(r"\*\*?|`", "", segment.text)


def _say_pair(key: str, value: str) -> str:
    plain = re.sub(r"\*\*?|`", "", key).strip()
    if value.casefold() in ("none", "-", "—", "n/a"):
        return f"{plain[:1].upper()}{plain[1:]}: none on record"
    if re.search(r"\b(?:by|on|at|to|from|until|since|for|in|of|is|are)$", plain, re.I):
        return f"{plain[:1].upper()}{plain[1:]} {value}"
    if len(value.split()) > 12:
        return f"{plain[:1].upper()}{plain[1:]}: {value}"
    start = plain if re.match(r"[A-Z]{2}", plain) else plain[:1].lower() + plain[1:]
    return f"The {start} is {value}"


def _say_row(segment: Segment, attention: Attention) -> str:
    """Say what names the row and the cells that were asked for, at least one of each kind asked."""
    label = next((c for c in segment.cells if not c[1][:1].isdigit()), segment.cells[0])
    others = [cell for cell in segment.cells if cell != label and cell[1] not in ("", "none")]
    # What the question says itself is no answer to it, unless there is nothing else.
    others = [cell for cell in others if not _said(cell[1], attention.question.text)] or others
    scores = {cell: _asked_for(cell, label[0], attention) for cell in others}
    shown: list[tuple[str, str]] = []
    for kind in attention.asked.kinds:
        fitting = [c for c in others if kind in _kinds(c[1]) and c not in shown]
        if fitting and kind not in _kinds(label[1]):
            shown.append(max(fitting, key=lambda cell: scores[cell]))
    standing = [cell for cell in others if denies(cell[1])]
    if standing:
        # Something is pending or missing: that is the answer, whatever else the row holds.
        shown = standing
    else:
        ranked = sorted(others, key=lambda cell: -scores[cell])
        if not shown or attention.asked.kinds[:1] == (Kind.REASON,):
            shown += [cell for cell in ranked if scores[cell] > 0.5 and cell not in shown][:3]
        shown += [cell for cell in ranked if scores[cell] >= 1.75 and cell not in shown][:1]
    told = "; ".join(
        f"{column.lower()} {value}" for column, value in others if (column, value) in shown
    )
    if not told and len(segment.cells) == 2:
        told = segment.cells[1][1]
    return f"{label[1]}: {told}" if told else segment.text.strip("| ")


def _said(value: str, question: str) -> bool:
    """Tell whether a question says a cell itself, in its words or by a figure in its range."""
    if len(value) >= 4 and not value[0].isdigit() and value.casefold() in question.casefold():
        return True
    stated = stated_range(value)
    return stated is not None and any(
        figure.kind is stated.kind and stated.holds(figure.amount)
        for figure in named_figures(question)
    )


def _asked_for(cell: tuple[str, str], label: str, attention: Attention) -> float:
    """How well a column answers to the question, by its words, its meaning and its kind."""
    column, value = cell
    score = 1.0 * len(stems(column) & attention.question.stems)
    score += 2.0 * len(concepts(column) & attention.question.concepts)
    score -= 2.0 * any(rivals(c) & concepts(column) for c in attention.question.concepts)
    # Of columns that do as well by their words, the plainest, and the one that is meant.
    score -= _SURPLUS * len(stems(column) - stems(label) - attention.question.stems)
    score += _MEANT * min(max(attention.room.nearness(attention.question, column), -5.0), 5.0)
    return score + sum(kind in _kinds(value) for kind in attention.asked.kinds)


def _kinds(text: str) -> frozenset[Kind]:
    return frozenset(value.kind for value in find_values(text))
