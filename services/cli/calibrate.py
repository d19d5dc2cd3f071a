"""``stillgreen calibrate``: the simulated models beside published results."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, out

if TYPE_CHECKING:
    from rich.table import Table

    from services.lab.calibration.comparing import Compared
    from services.lab.calibration.experiment import Calibration


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        "calibrate",
        epilog="Example: `stillgreen calibrate --html report.html`",
        short_help="Compare the simulated models with published results.",
    )(calibrate)


def calibrate(
    fit: Annotated[bool, typer.Option("--fit", help="Fit the presets again first.")] = False,
    to: Annotated[
        Path | None, typer.Option(help="Profiles file that fitted presets are written to.")
    ] = None,
    profiles: Annotated[
        Path | None, typer.Option(help="Profiles file to report on; by default the shipped one.")
    ] = None,
    questions: Annotated[int, typer.Option(min=20, max=2000, help="Questions in each half.")] = 300,
    repeats: Annotated[
        int,
        typer.Option(min=1, max=16, help="Times that the prompts of published cells are asked."),
    ] = 2,
    seed: Annotated[int, typer.Option(min=0, help="Chooses questions and luck.")] = 7,
    json_file: Annotated[
        Path | None, typer.Option("--json", metavar="FILE", help="Write the report as JSON.")
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write it as a page with plots.")
    ] = None,
) -> None:
    """Build the published experiments' conditions out of the company's documents and run them.

    The presets are fitted on one half of the questions; the numbers are from the other half.
    """
    if to is not None and not fit:
        raise typer.BadParameter("--to is where --fit writes: give both")
    if fit and to is None:
        raise typer.BadParameter("--fit needs --to FILE, e.g. services/llm/profiles.yml")
    calibration = _run(fit, to, profiles, questions, repeats, seed)
    if json_file is not None:
        from services.lab.calibration.report import as_json  # noqa: PLC0415

        text = json.dumps(as_json(calibration), ensure_ascii=False, indent=1)
        json_file.write_text(text + "\n", "utf-8")
    if html is not None:
        from services.lab.calibration.page import page  # noqa: PLC0415

        html.write_text(page(calibration), "utf-8")
    _show(calibration)


def _run(
    fit: bool, to: Path | None, profiles: Path | None, questions: int, repeats: int, seed: int
) -> Calibration:
    from rich.progress import Progress as Bars  # noqa: PLC0415
    from rich.progress import TaskID, TimeElapsedColumn  # noqa: PLC0415

    from services.foundation import Foundation  # noqa: PLC0415
    from services.lab.calibration import presets  # noqa: PLC0415
    from services.lab.calibration.experiment import Experiment, with_fits  # noqa: PLC0415
    from services.lab.calibration.library import open_library  # noqa: PLC0415
    from services.lab.calibration.questions import draw  # noqa: PLC0415
    from services.llm.profiles import Catalogue, shipped  # noqa: PLC0415
    from services.settings import load_settings  # noqa: PLC0415

    try:
        catalogue = shipped() if profiles is None else Catalogue.from_yaml(profiles.read_text())
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise typer.BadParameter(f"{profiles} is no profiles file: {error}") from None
    foundation = Foundation(load_settings())
    bars = Bars(*Bars.get_default_columns(), TimeElapsedColumn(), console=err())
    tasks: dict[str, TaskID] = {}

    def progress(label: str, done: int, total: int) -> None:
        if label not in tasks:
            tasks[label] = bars.add_task(label, total=total)
        bars.update(tasks[label], completed=done, total=total)

    try:
        with (
            bars,
            open_library(
                foundation, lambda done, total: progress("building the index (once)", done, total)
            ) as library,
        ):
            halves = draw(library, seed, questions)
            experiment = Experiment(foundation, library, seed, progress, repeats)
            fits = experiment.fit(halves, catalogue) if fit else []
            if to is not None:
                presets.write(to, fits)
            return experiment.report(halves, with_fits(catalogue, fits), fits)
    finally:
        foundation.close()


def _show(calibration: Calibration) -> None:
    from services.lab.calibration.comparing import tally  # noqa: PLC0415

    out().print(_cells(calibration))
    out().print(_shapes(calibration))
    for each in calibration.reliabilities:
        if each.n:
            out().print(
                f"{each.preset}: states {each.confidence:.0%} confidence, is right in "
                f"{each.accuracy:.0%} of {each.n} answers, expected calibration error "
                f"{each.error:.1%}"
            )
    for counted in tally(calibration.compared):
        out().print(
            f"{counted.role.replace('_', ' ')}: {counted.met} of {counted.cells} cells met "
            f"({counted.wanted:.0%} asked for)",
            style="bold green" if counted.is_enough else "bold red",
        )
    present = sum(shape.is_present for shape in calibration.shapes)
    out().print(f"shapes: {present} of {len(calibration.shapes)} present", style="bold")


def _cells(calibration: Calibration) -> Table:
    from rich.table import Table  # noqa: PLC0415

    from services.lab.calibration.wording import ours_text, published_text  # noqa: PLC0415

    table = Table(title="Published cells", title_justify="left", pad_edge=False)
    for heading in ("row", "what", "measure", "preset"):
        table.add_column(heading)
    for heading in ("published", "ours [95 %]"):
        table.add_column(heading, justify="right")
    table.add_column("role")
    table.add_column("met")
    reasons: dict[str, None] = {}
    for compared in calibration.compared:
        cell = compared.cell
        table.add_row(
            cell.row,
            cell.label,
            cell.measure.replace("_", " "),
            cell.preset,
            published_text(cell),
            ours_text(cell, compared.ours),
            cell.role.replace("_", " "),
            _met(compared),
        )
        if cell.why and not compared.is_met and cell.role != "compared":
            reasons[f"row {cell.row}, {cell.label}: {cell.why}"] = None
    table.caption = "\n".join(f"{reason}." for reason in reasons)
    table.caption_justify = "left"
    return table


def _met(compared: Compared) -> str:
    if compared.cell.role == "compared":
        return "-"
    return "[green]yes[/green]" if compared.is_met else "[red]no[/red]"


def _shapes(calibration: Calibration) -> Table:
    from rich.table import Table  # noqa: PLC0415

    table = Table(title="Shapes", title_justify="left", pad_edge=False)
    for heading in ("row", "shape", "preset", "ours [95 %]", "present"):
        table.add_column(heading)
    for shape in calibration.shapes:
        mark = "[green]yes[/green]" if shape.is_present else "[red]no[/red]"
        table.add_row(shape.row, shape.claim, shape.preset, shape.numbers, mark)
    return table
