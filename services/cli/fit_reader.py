"""``stillgreen fit-reader``: learn the simulated reader's weights again."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from services.cli._output import err, out

if TYPE_CHECKING:
    from services.lab.reader.examples import Example

FIRST_SEED = 101
"""Worlds to learn from are of this seed and the next ones; the served world has another."""


def register(app: typer.Typer) -> None:
    """Add the command."""

    @app.command("fit-reader")
    def fit_reader(
        to: Annotated[Path, typer.Option(help="File for the learned weights (JSON).")],
        worlds: Annotated[int, typer.Option(min=1, max=20, help="Worlds to learn from.")] = 2,
        per_family: Annotated[int, typer.Option(min=1, help="Facts asked per family.")] = 8,
        home: Annotated[Path, typer.Option(help="Folder for these worlds.")] = Path(
            ".stillgreen/fit"
        ),
    ) -> None:
        """Learn what the simulated reader makes of a text, on worlds that it will not serve.

        Half of the last world's questions are held out and reported.

        Example: stillgreen fit-reader --worlds 3 --to services/llm/salience.json
        """
        from services.lab.reader.fit import fit, hits  # noqa: PLC0415 - seconds of import

        learned_from: list[Example] = []
        for seed in range(FIRST_SEED, FIRST_SEED + worlds):
            learned_from += _examples(home, seed, per_family)
        held_out = _examples(home, FIRST_SEED + worlds, max(per_family // 2, 1))
        salience = fit(learned_from)
        to.write_text(salience.to_json(), "utf-8")
        out().print(
            f"{len(learned_from)} examples of {worlds} worlds: "
            f"{hits(salience, learned_from).mean():.1%} right; "
            f"{len(held_out)} of another world: {hits(salience, held_out).mean():.1%}. "
            f"Written to {to}."
        )


def _examples(home: Path, seed: int, per_family: int) -> list[Example]:
    from rich.progress import Progress  # noqa: PLC0415 - heavy import

    from corpus.embedding import SentenceTransformerEmbedder  # noqa: PLC0415 - heavy import
    from corpus.ledger import WorldSettings  # noqa: PLC0415 - heavy import
    from services.lab.reader.examples import (  # noqa: PLC0415 - heavy import
        example_of,
        open_world,
        situations_of,
    )
    from services.virtual_time import run_virtual  # noqa: PLC0415 - heavy import

    embedder = SentenceTransformerEmbedder()
    with (
        Progress(console=err()) as progress,
        open_world(home, WorldSettings(seed=seed), embedder) as (world, shown),
    ):
        task = progress.add_task(f"world {seed}", total=None)
        situations = run_virtual(
            situations_of(
                world,
                shown,
                seed,
                per_family,
                lambda done, total: progress.update(task, completed=done, total=total),
            )
        )
        return [example_of(shown.room, situation) for situation in situations]
