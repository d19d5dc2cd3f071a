"""The report as one page that needs nothing else: tables, plots, sources."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from services.lab.calibration.comparing import Compared, tally
from services.lab.calibration.curves import Curve
from services.lab.calibration.estimates import estimate
from services.lab.calibration.experiment import Calibration
from services.lab.calibration.plots import Line, bars, diagram, lines
from services.lab.calibration.published import SHARES
from services.lab.calibration.wording import ours_text, published_text

_AXES = {
    "position": ("where the gold passage stands among twenty", False),
    "length": ("tokens in the prompt", True),
    "distractors": ("similar ones among a hundred other passages, per cent", False),
    "passages": ("passages retrieved", True),
}
_TITLES = {
    "position": "Position of the answer",
    "length": "Length of the prompt, no literal match",
    "distractors": "Distractors",
    "passages": "Number of passages",
}
_BARS = (
    ("gold_only", "Gold passage only"),
    ("store_filtered", "Five passages, search within the entity"),
    ("store_shared", "Five passages, search over everything"),
    ("insufficient", "Answer not in the passages"),
)


def page(calibration: Calibration) -> str:
    """Return the page as HTML."""
    text = files("services.lab.calibration").joinpath("page.html").read_text("utf-8")
    parts = {
        "summary": _summary(calibration),
        "method": escape(
            f"{calibration.questions} questions about the company's own documents, seed "
            f"{calibration.seed}; the presets were fitted on as many other questions. A share is "
            "met within 5 points of the published one or inside its own 95 % interval. Intervals "
            "are 95 %. These are simulators: a preset behaves as the model of its name was "
            "reported to, and knows nothing that the model knows."
        ),
        "curves": _curves(calibration),
        "bars": _bars(calibration),
        "cells": _cells(calibration.compared),
        "shapes": _shapes(calibration),
        "reliability": "".join(diagram(each) for each in calibration.reliabilities if each.n),
        "sources": _sources(calibration.compared),
    }
    for name, part in parts.items():
        text = text.replace(f"{{{{ {name} }}}}", part)
    return text


def _summary(calibration: Calibration) -> str:
    told = [
        f"{each.met} of {each.cells} {each.role.replace('_', '-')} cells met"
        for each in tally(calibration.compared)
    ]
    present = sum(shape.is_present for shape in calibration.shapes)
    told.append(f"{present} of {len(calibration.shapes)} shapes present")
    return escape("; ".join(told) + ".")


def _curves(calibration: Calibration) -> str:
    drawn = []
    for kind, (across, logarithmic) in _AXES.items():
        mine = [curve for curve in calibration.curves if curve.kind == kind and curve.points]
        series = [
            Line(
                curve.preset,
                [(point.size, point.value) for point in curve.points],
                _published(curve, calibration.compared),
            )
            for curve in mine
        ]
        drawn.append(lines(_TITLES[kind], across, series, logarithmic=logarithmic))
    return "".join(drawn)


def _published(curve: Curve, compared: Sequence[Compared]) -> list[tuple[float, float]]:
    known = {
        each.cell.condition: each.cell.published.value
        for each in compared
        if each.cell.preset == curve.preset and each.cell.measure == "correct"
    }
    return [
        (point.size, value)
        for point in curve.points
        if (value := known.get(point.condition)) is not None
    ]


def _bars(calibration: Calibration) -> str:
    drawn = []
    presets = list(dict.fromkeys(answer.preset for answer in calibration.answers.all))
    for condition, title in _BARS:
        rows = [
            (preset, [estimate(given, measure).value for measure in SHARES])
            for preset in presets
            if (given := calibration.answers.of(preset, condition))
        ]
        drawn.append(bars(title, rows))
    return "".join(drawn)


def _cells(compared: Iterable[Compared]) -> str:
    rows = []
    for each in compared:
        cell = each.cell
        counts = cell.role != "compared"
        why = f'<div class="why">{escape(cell.why)}</div>' if cell.why and not each.is_met else ""
        met = ("yes" if each.is_met else "no") if counts else "-"
        rows.append(
            f"<tr><td>{escape(cell.row)}</td><td>{escape(cell.label)}{why}</td>"
            f"<td>{escape(cell.measure.replace('_', ' '))}</td>"
            f'<td class="p">{escape(cell.preset)}</td>'
            f'<td class="n">{published_text(cell)}</td>'
            f'<td class="n">{ours_text(cell, each.ours)}</td>'
            f'<td>{cell.role.replace("_", " ")}</td><td class="{met}">{met}</td></tr>'
        )
    return _table(
        ("row", "what", "measure", "preset", "published", "ours [95 %]", "role", "met"), rows
    )


def _shapes(calibration: Calibration) -> str:
    rows = []
    for shape in calibration.shapes:
        present = "yes" if shape.is_present else "no"
        rows.append(
            f"<tr><td>{escape(shape.row)}</td><td>{escape(shape.claim)}</td>"
            f"<td>{escape(shape.source)}</td><td>{escape(shape.preset)}</td>"
            f'<td>{escape(shape.numbers)}</td><td class="{present}">{present}</td></tr>'
        )
    return _table(("row", "shape", "source", "preset", "ours [95 %]", "present"), rows)


def _table(headings: Sequence[str], rows: Sequence[str]) -> str:
    head = "".join(f"<th>{heading}</th>" for heading in headings)
    return f"<table><tr>{head}</tr>{''.join(rows)}</table>"


def _sources(compared: Iterable[Compared]) -> str:
    known = dict.fromkeys(each.cell.source for each in compared)
    return "".join(
        f'<li>{escape(s.authors)} ({s.year}): <a href="{escape(s.url)}">{escape(s.title)}</a>'
        f"{'; ' + escape(s.note) if s.note else ''}.</li>"
        for s in known
    )
