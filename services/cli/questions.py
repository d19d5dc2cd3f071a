"""``stillgreen questions``: the questions that the application is measured with."""

from __future__ import annotations

from typing import Annotated

import typer

from services.cli._output import err, out, print_json


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("questions", epilog="Example: `stillgreen questions --family delay_reason --json`")(
        questions
    )


def questions(
    family: Annotated[
        list[str] | None,
        typer.Option(
            help="Only this family; may be given several times. Questions that lean on another are "
            "listed only so, e.g. follow_up_due_date."
        ),
    ] = None,
    wording: Annotated[
        list[str] | None, typer.Option(help="Only this wording, w1 or w2; may be repeated.")
    ] = None,
    per_family: Annotated[int, typer.Option(min=1, max=10_000, help="Facts per family.")] = 20,
    seed: Annotated[int, typer.Option(min=0, help="Decides which facts are asked about.")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """List the questions about the company with their right answers."""
    from corpus.ledger import WorldSettings, generate  # noqa: PLC0415
    from corpus.questions import (  # noqa: PLC0415
        WORDINGS,
        QuestionDataError,
        build_follow_ups,
        build_questions,
        follow_up_families,
    )
    from services.settings import load_settings  # noqa: PLC0415

    settings = load_settings()
    world = generate(
        WorldSettings(
            seed=settings.world_seed, vendors=settings.vendors, invoices=settings.invoices
        )
    )
    leaning = [name for name in family or () if name in follow_up_families()]
    own = [name for name in family or () if name not in leaning]
    wordings = wording or WORDINGS
    try:
        found = []
        if own or not leaning:
            found += build_questions(world, seed, per_family, wordings, own or None)
        if leaning:
            found += build_follow_ups(world, seed, per_family, wordings, leaning)
    except QuestionDataError as error:
        if family:
            raise typer.BadParameter(str(error)) from error
        raise
    if as_json:
        items = [
            {
                "id": question.id,
                "family": question.family,
                "wording": question.wording,
                "before": question.before,
                "question": question.text,
                "gold": question.gold.text(),
                "answerable": question.answerable,
                "routes": sorted(question.routes),
                "evidence": [{"doc_id": e.doc_id, "span": e.span} for e in question.evidence],
            }
            for question in found
        ]
        print_json({"items": items, "count": len(items)})
        return
    from rich.table import Table  # noqa: PLC0415

    table = Table(box=None, pad_edge=False)
    for column in ("family", "question", "right answer"):
        table.add_column(column, overflow="fold")
    for question in found:
        gold = question.gold.text() if question.answerable else "cannot be known"
        text = f"{question.before} … {question.text}" if question.before else question.text
        table.add_row(question.family, text, gold)
    out().print(table)
    unanswerable = sum(not question.answerable for question in found)
    err().print(f"{len(found)} questions, {unanswerable} of them cannot be answered")
