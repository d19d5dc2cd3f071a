"""The option that names a mapping of another application's names."""

from __future__ import annotations

from typing import Annotated

import typer

MappingName = Annotated[
    str | None,
    typer.Option(
        metavar="NAME|FILE",
        help="Names of another application: a mapping that is shipped, or a file.",
    ),
]
