"""``stillgreen fit-reader``: learn the simulated reader's weights again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, out

if TYPE_CHECKING:
    from services.lab.reader.examples import Progress


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("fit-reader", epilog="Example: `stillgreen fit-reader --to services/llm`")(
        fit_reader
    )


def fit_reader(
    to: Annotated[Path, typer.Option(help="Folder for salience.json and meaning.npz.")],
    worlds: Annotated[int, typer.Option(min=1, max=20, help="Worlds to learn from.")] = 2,
    home: Annotated[Path, typer.Option(help="Folder for these worlds.")] = Path(".stillgreen/fit"),
) -> None:
    """Learn what the simulated reader makes of a text, on worlds that it will not serve.

    The next world after these is held out and reported.
    """
    from rich.progress import Progress as Bars  # noqa: PLC0415 - heavy import

    from corpus.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 - heavy import
    from services.lab.reader.curriculum import (  # noqa: PLC0415 - heavy import
        FIRST_SEED,
        LESSONS,
        curriculum,
        world_examples,
    )
    from services.lab.reader.fit import fit, hits  # noqa: PLC0415 - heavy import

    embedder = SentenceTransformerEmbedder()
    with Bars(console=err(), transient=True) as bars:

        def progress(label: str) -> Progress:
            task = bars.add_task(label, total=None)
            return lambda done, total: bars.update(task, completed=done, total=total)

        learned_from = curriculum(home, worlds, embedder, progress)
        held_out = world_examples(home, FIRST_SEED + worlds, LESSONS[0], embedder, progress)
        learned = fit(learned_from, progress=progress("learning"))
    to.mkdir(parents=True, exist_ok=True)
    (to / "salience.json").write_text(learned.salience.to_json(), "utf-8")
    learned.meaning.save(to / "meaning.npz")
    out().print(
        f"{len(learned_from)} examples of {worlds} worlds and the practice documents: "
        f"{hits(learned, learned_from).mean():.1%} right; {len(held_out)} of another world: "
        f"{hits(learned, held_out).mean():.1%}. Written to {to}."
    )
