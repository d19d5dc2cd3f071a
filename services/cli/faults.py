"""``stillgreen faults``: what can go wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import out, print_json
from services.cli._validate import validate

if TYPE_CHECKING:
    from faults.registry import Entry


def register(app: typer.Typer) -> None:
    """Add the command."""
    group = typer.Typer(
        invoke_without_command=True,
        epilog="Example: `stillgreen faults show chunks_tiny`",
    )
    group.callback()(list_faults)
    group.command(
        "show",
        epilog="Example: `stillgreen faults show misroute`",
        short_help="Explain one fault.",
    )(show)
    group.command(
        "validate",
        epilog="Example: `stillgreen faults validate misroute chunks_tiny --requests 100`",
        short_help="Measure whether faults do what they claim.",
    )(validate)
    app.add_typer(group, name="faults", short_help="List what can go wrong.")


def list_faults(
    context: typer.Context,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the faults; each can be given as --fault ID or --fault ID=SEVERITY."""
    if context.invoked_subcommand is not None:
        return
    from rich.table import Table  # noqa: PLC0415

    from faults.registry import catalogue  # noqa: PLC0415

    if as_json:
        print_json([_json(entry) for entry in catalogue()])
        return
    table = Table(box=None, pad_edge=False)
    table.add_column("fault", no_wrap=True)
    for heading in ("part", "what it does", "taxonomy"):
        table.add_column(heading)
    for entry in catalogue():
        fault = entry.fault
        taxonomy = ", ".join(fault.taxonomy)
        table.add_row(f"[bold]{fault.id}[/bold]", fault.seam.value, fault.summary, taxonomy)
    out().print(table)


def show(
    fault_id: Annotated[str, typer.Argument(metavar="ID", help="As `stillgreen faults` names it.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Explain one fault: mechanism, what it claims, what shows it and what cannot, the way out."""
    from faults.contradictions import excluded  # noqa: PLC0415
    from faults.errors import UnknownFault  # noqa: PLC0415
    from faults.fault import Kind  # noqa: PLC0415
    from faults.registry import catalogue  # noqa: PLC0415
    from services.lab.measures import MEASURES_BY_KEY  # noqa: PLC0415

    try:
        entry = catalogue().entry(fault_id)
    except UnknownFault as error:
        raise typer.BadParameter(str(error)) from None
    if as_json:
        print_json(_json(entry))
        return
    console = out()
    fault = entry.fault
    console.print(f"[bold]{fault.id}[/bold] ({fault.kind.value}, {fault.layer.value})")
    console.print(entry.description, markup=False)
    if fault.kind is Kind.SILENT:
        measure = MEASURES_BY_KEY[fault.claim.measure].label
        console.print(f"Claims: silent, and {fault.claim.direction} than healthy: {measure}.")
    if fault.find:
        console.print(f"To find it: {fault.find}", markup=False)
    if fault.fix:
        console.print(f"To fix it: {fault.fix}", markup=False)
    if others := sorted(excluded()[fault_id]):
        console.print(f"Not at once with: {', '.join(others)}.")


def _json(entry: Entry) -> dict[str, object]:
    from faults.contradictions import excluded  # noqa: PLC0415

    fault = entry.fault
    return {
        "id": fault.id,
        "kind": fault.kind.value,
        "claim": {"measure": fault.claim.measure, "direction": fault.claim.direction},
        "seam": fault.seam.value,
        "layer": fault.layer.value,
        "summary": fault.summary,
        "taxonomy": list(fault.taxonomy),
        "shows_in": list(fault.shows_in),
        "blind": list(fault.blind),
        "excludes": sorted(excluded()[fault.id]),
        "description": entry.description,
        "find": fault.find,
        "fix": fault.fix,
    }
