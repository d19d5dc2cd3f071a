"""Writes the catalogue as documentation: a page for each fault, and an index with a heat map."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from pathlib import Path

from faults.fault import Kind
from faults.registry import Entry, catalogue
from faults.taxonomies import coverage, taxonomies
from observability.statistics import Estimate
from services.lab.measures import MEASURES_BY_KEY, Unit
from services.lab.validation.cells import Example, FaultCells, of_exposed
from services.lab.validation.drawing import dose_plot, heat_map
from services.lab.validation.experiment import Experiment
from services.lab.validation.judging import Judged, Shift
from services.lab.validation.report import as_json

Done = Sequence[tuple[FaultCells, Judged]]

_GENERATED = "<!-- Written by `stillgreen faults validate --docs`; changes here are lost. -->\n\n"


def write_pages(folder: Path, experiment: Experiment, done: Done) -> None:
    """Write all pages, plots and the numbers behind them into a folder."""
    plots = folder / "plots"
    plots.mkdir(parents=True, exist_ok=True)
    for cells, judged in done:
        entry = catalogue().entry(judged.fault)
        (plots / f"{judged.fault}.svg").write_text(_dose_of(cells, judged))
        (folder / f"{judged.fault}.md").write_text(fault_page(entry, experiment, cells, judged))
    (plots / "matrix.svg").write_text(_matrix([judged for _, judged in done]))
    (folder / "README.md").write_text(index_page(experiment, [judged for _, judged in done]))
    (folder / "taxonomies.md").write_text(taxonomies_page())
    numbers = as_json(experiment, [judged for _, judged in done])
    (folder / "results.json").write_text(json.dumps(numbers, indent=1) + "\n")


def fault_page(entry: Entry, experiment: Experiment, cells: FaultCells, judged: Judged) -> str:
    """Return one fault's page."""
    fault, green = entry.fault, judged.green
    claim = MEASURES_BY_KEY[fault.claim.measure]
    verdict = "holds" if judged.holds else "falls short: " + "; ".join(judged.problems)
    shown = [shift for shift in judged.shifts if shift.moved]
    still = [MEASURES_BY_KEY[shift.measure].label for shift in judged.shifts if not shift.moved]
    parts = [
        f"{_GENERATED}# {fault.id}\n\n{entry.description}\n",
        _table(
            ("", ""),
            [
                ("kind", fault.kind.value),
                ("layer", fault.layer.value),
                ("part", fault.seam.value),
                ("taxonomies", ", ".join(fault.taxonomy) or "none"),
                ("claims", f"{claim.label}, {fault.claim.direction}"),
                ("verdict", verdict),
            ],
        ),
        f"## What it did\n\nAt severity {cells.highest.severity:g}, over "
        f"{len(cells.highest.requests)} requests of which {judged.exposed} used the part:\n",
        _table(
            ("", "", "95 %"),
            [
                ("impacted, of the exposed", *_estimate(judged.impacted, "share")),
                (f"{claim.label}, healthy", *_estimate(judged.claimed_healthy, claim.unit)),
                (f"{claim.label}, then", *_estimate(judged.claimed, claim.unit)),
                ("culprit in its layer, of the impacted", *_estimate(judged.layer_agrees, "share")),
            ],
        ),
        f"Receipts: {_counts(judged.receipts)}. Culprit layers: {_counts(judged.layers)}.\n",
        "## Silence\n\n"
        + _table(
            ("", ""),
            [
                ("all answered with status 200", _yes(green.all_answered)),
                ("spans with an error", str(green.error_spans)),
                ("error rate, healthy", f"{green.errors_healthy.value:.2%}"),
                ("error rate, then", f"{green.errors.value:.2%}"),
                ("p95 latency", f"{green.latency_ratio:.2f} times the healthy one"),
            ],
        ),
        f"## Dose and response\n\n![{claim.label} by severity](plots/{fault.id}.svg)\n\n"
        f"A curve that goes one way explains it with p = {judged.dose.p_value:.2f}.\n",
        "## What shows it\n\n"
        + _table(
            ("measure", "healthy", "then", "difference", "effect"), [_row(shift) for shift in shown]
        )
        + f"Not moved: {', '.join(still) or 'none'}. The effect is the mean difference in "
        "standard deviations of the healthy values.\n",
        _example(cells.highest.example),
        f"## How you would find it\n\n{fault.find or '-'}\n",
        f"## How you would fix it\n\n{fault.fix or '-'}\n",
        _reproduce(fault.id, experiment),
    ]
    return "\n".join(parts)


def index_page(experiment: Experiment, done: Sequence[Judged]) -> str:
    """Return the index: what holds, and the matrix of faults and measures."""
    rows = []
    for judged in done:
        fault = catalogue().get(judged.fault)
        rows.append(
            (
                f"[{fault.id}]({fault.id}.md)",
                fault.kind.value,
                fault.layer.value,
                _number(judged.impacted.value, "share"),
                MEASURES_BY_KEY[judged.measure].label,
                _number(judged.claimed_healthy.value, MEASURES_BY_KEY[judged.measure].unit),
                _number(judged.claimed.value, MEASURES_BY_KEY[judged.measure].unit),
                _number(judged.layer_agrees.value, "share"),
                "yes" if judged.holds else "; ".join(judged.problems),
            )
        )
    silent = [j for j in done if catalogue().get(j.fault).kind is Kind.SILENT]
    holding = sum(judged.holds for judged in silent)
    monotone = sum(judged.dose.monotone for judged in silent)
    grows = ""
    if len(experiment.severities) > 1:
        grows = f"The effect of {monotone} only grows with severity, as far as the data can tell. "
    return "\n".join(
        [
            f"{_GENERATED}# The fault catalogue, measured\n",
            f"{holding} of {len(silent)} silent faults hold all that they claim. {grows}"
            "Each was run over "
            f"the same {experiment.requests} requests at each severity and "
            f"{experiment.at_highest} at the highest one, seed {experiment.seed}, beside their "
            "healthy twins.\n",
            "![Effect of each fault on each measure](plots/matrix.svg)\n",
            "Which items of the published taxonomies they realise stands in "
            "[taxonomies.md](taxonomies.md).\n",
            "Effects at the highest severity on the requests that use the part, in standard "
            "deviations of the healthy values; grey where the interval holds zero.\n",
            _table(
                (
                    "fault",
                    "kind",
                    "layer",
                    "impacted",
                    "claims",
                    "healthy",
                    "then",
                    "culprit in its layer",
                    "holds",
                ),
                rows,
            ),
        ]
    )


def taxonomies_page() -> str:
    """Return which fault realises which item of the published taxonomies."""
    realised = coverage()
    parts = [f"{_GENERATED}# Taxonomies\n"]
    for taxonomy in taxonomies():
        rows = []
        for item in taxonomy.items:
            faults = realised[taxonomy.prefix, item.key]
            links = ", ".join(f"[{fault}]({fault}.md)" for fault in faults)
            rows.append((item.key, item.name, links or f"none: {item.outside}"))
        covered = sum(bool(realised[taxonomy.prefix, item.key]) for item in taxonomy.items)
        parts.append(
            f"## {taxonomy.prefix}: {taxonomy.title}\n\n{taxonomy.source}. "
            f"{covered} of {len(taxonomy.items)} items.\n\n"
            + _table(("item", "name", "faults"), rows)
        )
    return "\n".join(parts)


def _reproduce(fault_id: str, experiment: Experiment) -> str:
    return (
        "## Do it again\n\n```sh\n"
        f"stillgreen faults validate {fault_id} --requests {experiment.requests} "
        f"--at-highest {experiment.at_highest} --seed {experiment.seed}\n```\n"
    )


def _example(example: Example | None) -> str:
    if example is None:
        return "## One request\n\nNo right answer became a wrong one.\n"
    stages = [
        (stage.stage, stage.healthy, stage.degraded)
        for stage in example.stages
        if stage.healthy != stage.degraded
    ]
    return (
        "## One request and its twin\n\n"
        + _table(
            ("", ""),
            [
                ("question", example.question),
                ("expected", example.expected),
                ("healthy answer", example.healthy),
                ("answer", example.degraded),
                ("first difference", f"{example.where}: {example.attribute}"),
                ("healthy value", example.left),
                ("value", example.right),
            ],
        )
        + _table(("stage", "healthy", "then"), stages)
    )


def _row(shift: Shift) -> tuple[str, ...]:
    measure = MEASURES_BY_KEY[shift.measure]
    return (
        measure.label,
        _number(shift.healthy.value, measure.unit),
        _number(shift.degraded.value, measure.unit),
        " ".join(_estimate(shift.difference, measure.unit)),
        "-" if math.isnan(shift.effect) else f"{shift.effect:+.2f}",
    )


def _dose_of(cells: FaultCells, judged: Judged) -> str:
    measure = MEASURES_BY_KEY[judged.measure]
    used = {request.number for request in of_exposed(cells.highest)}
    steps = sorted((cells.healthy, *cells.cells), key=lambda cell: cell.severity)
    shared = used.intersection(*({r.number for r in cell.requests} for cell in steps))
    means = [
        measure.summarise([r.values[measure.key] for r in cell.requests if r.number in shared])
        for cell in steps
    ]
    return dose_plot(measure.label, judged.dose.severities, means, judged.dose.isotonic)


def _matrix(judged: Sequence[Judged]) -> str:
    values = [
        [s.effect if s.moved and not math.isnan(s.effect) else None for s in each.shifts]
        for each in judged
    ]
    names = [MEASURES_BY_KEY[shift.measure].label for shift in judged[0].shifts] if judged else []
    return heat_map([each.fault for each in judged], names, values)


def _estimate(estimate: Estimate, unit: Unit) -> tuple[str, str]:
    low, high = _number(estimate.low, unit), _number(estimate.high, unit)
    return _number(estimate.value, unit), f"{low} to {high}"


def _number(value: float, unit: Unit) -> str:
    if math.isnan(value):
        return "-"
    if unit == "share":
        return f"{value:.1%}"
    return f"{value:,.0f} ms" if unit == "ms" else f"{value:.3g}"


def _counts(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{name} {number}" for name, number in counts.items()) or "none"


def _yes(value: bool) -> str:
    return "yes" if value else "no"


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    if not rows:
        return ""
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(_cell(text) for text in line)} |" for line in lines) + "\n\n"


def _cell(text: str) -> str:
    return " ".join(text.replace("|", "\\|").replace("<", "&lt;").split())
