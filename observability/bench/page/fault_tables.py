"""The tables of a bench's report about faults: detectability, places, misses, blind spots."""

from __future__ import annotations

from observability.bench.held_out import HeldOut
from observability.bench.localisation import confusion
from observability.bench.page.tables import Cell, Table, heat, row
from observability.bench.report import BenchReport
from observability.bench.severities import Dose, smallest_detectable
from observability.bench.wording import number, number_of, severity, share, share_of
from observability.signals.signal import LAYERS


def detectability_table(report: BenchReport) -> Table:
    """Return the heat map of faults by severities, for each set of rules."""
    everything = [each for found in report.doses.values() for each in found]
    severities = sorted({each.severity for each in everything})
    by_place = {
        (name, each.fault, each.severity): each
        for name, found in report.doses.items()
        for each in found
    }
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    held_out = set(report.held_out.faults)
    for fault in sorted({each.fault for each in everything}):
        cells = [
            _dose_cell(by_place.get((name, fault, at)))
            for name in report.doses
            for at in severities
        ]
        least = smallest_detectable(next(iter(report.doses.values())), fault)
        name = f"{fault} (held out)" if fault in held_out else fault
        group = "loud" if report.kinds[fault] == "loud" else report.layers[fault] or "no layer"
        bodies.setdefault(group, []).append(row(name, *cells, severity(least)))
    ordered = sorted(bodies, key=lambda each: LAYERS.index(each) if each in LAYERS else 99)
    return Table(
        "Episodes detected, of those tried, by fault, set of rules and severity. The last column "
        "is the smallest severity that the rule set detects in most episodes, as all above it.",
        (
            "fault",
            *(f"{name}, {at:g}" for name in report.doses for at in severities),
            "smallest",
        ),
        tuple((each, tuple(bodies[each])) for each in ordered),
    )


def _dose_cell(dose: Dose | None) -> Cell:
    if dose is None:
        return Cell("")
    return Cell(f"{dose.detected}/{dose.episodes}", "heat", heat(dose.share.value))


def confusion_table(report: BenchReport) -> Table:
    """Return which layer was named first for detected episodes of each layer."""
    counts = confusion(each for each in report.located if each.kind == "silent")
    rows = []
    for layer in LAYERS:
        mine = {named: count for (true, named), count in counts.items() if true == layer}
        total = sum(mine.values())
        if not total:
            continue
        cells = []
        for named in (*LAYERS, ""):
            count = mine.get(named, 0)
            kind = "heat right" if named == layer else "heat"
            cells.append(Cell(str(count) if count else "·", kind, heat(count / total)))
        rows.append(row(layer, *cells))
    return Table(
        "Detected silent episodes by the fault's layer (rows) and the layer named first (columns)",
        ("fault's layer", *LAYERS, "none named"),
        (("", tuple(rows)),),
    )


def localisation_table(report: BenchReport) -> Table:
    """Return how often the right place was named."""
    found = report.localisation
    rows = [
        row("the fault's layer", share_of(found.ac1), share_of(found.ac3)),
        row(
            "the layer where requests first differ",
            share_of(found.measured1),
            share_of(found.measured3),
        ),
        row("the span where requests first differ", share_of(found.spans1), share_of(found.spans3)),
        row(
            f"the fault's layer, {report.localisation_loud.detected} loud episodes",
            share_of(report.localisation_loud.ac1),
            share_of(report.localisation_loud.ac3),
        ),
        row("a layer drawn at random", share(found.random1), share(found.random3)),
    ]
    return Table(
        f"Where: the right place among the first one or three named, of {found.detected} "
        "detected silent episodes",
        ("truth", "AC@1", "AC@3"),
        (("", tuple(rows)),),
    )


def missed_table(report: BenchReport) -> Table:
    """Return each episode that the rule set missed, with the reason, by fault."""
    bodies: dict[str, list[tuple[Cell, ...]]] = {}
    for each in sorted(report.missed, key=lambda one: (one.fault, -one.severity, one.episode)):
        name = f"{each.fault} (held out)" if each.held_out else each.fault
        bodies.setdefault(name, []).append(
            row(
                each.episode,
                severity(each.severity),
                share(each.impacted),
                each.rule or "–",
                number(each.ratio),
                Cell(each.told, "long"),
            )
        )
    return Table(
        f"{len(report.missed)} episodes missed by the rule set",
        ("episode", "severity", "answers changed", "closest rule", "of its threshold", "reason"),
        tuple((name, tuple(rows)) for name, rows in bodies.items()),
    )


def never_detected(report: BenchReport) -> list[tuple[str, str]]:
    """Return silent faults that no severity of is detected in most episodes, with the reason."""
    found = []
    first = next(iter(report.doses.values()))
    for fault in sorted({each.fault for each in first}):
        mine = [each for each in report.missed if each.fault == fault]
        most = max((each for each in first if each.fault == fault), key=lambda one: one.severity)
        if report.kinds[fault] != "silent" or most.most or not mine:
            continue
        strongest = max(mine, key=lambda each: each.severity)
        found.append((fault, strongest.told))
    return found


def blind_spots_table(report: BenchReport) -> Table:
    """Return the verdict on each declared blind spot."""
    kinds = {"confirmed": "good", "refuted": "bad", "not measured": ""}
    rows = [
        row(
            each.fault,
            each.name,
            each.kind,
            number_of(each.seen) if each.kind == "signal" else share_of(each.seen),
            number(each.by_chance) if each.kind == "signal" else share(each.by_chance),
            Cell(each.verdict, kinds[each.verdict]),
        )
        for each in report.blind_spots
    ]
    return Table(
        "What was declared beforehand not to see a fault. A rule is judged by the share of "
        "episodes that it detects, a signal by its AUROC between requests under the fault and "
        "others.",
        ("fault", "blind", "kind", "saw", "by chance", "verdict"),
        (("", tuple(rows)),),
    )


def held_out_table(report: BenchReport) -> Table:
    """Return held-out faults against the others."""
    return Table(
        "Faults that nobody looked at while rules were written, against the others; the "
        "interval of the difference draws whole faults again",
        ("figure", "held out", "others", "difference"),
        (
            (
                "",
                (
                    _held_out_row("silent episodes detected", report.held_out),
                    _held_out_row("layer named first, of detected", report.held_out_ac1),
                ),
            ),
        ),
    )


def _held_out_row(name: str, compared: HeldOut) -> tuple[Cell, ...]:
    return row(
        name,
        share_of(compared.held_out),
        share_of(compared.others),
        share_of(compared.difference),
    )
