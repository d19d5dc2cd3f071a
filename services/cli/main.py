"""The ``stillgreen`` command: finds its commands and reports errors."""

from __future__ import annotations

import importlib
import pkgutil
import sys
import traceback
from typing import Annotated

import typer
from rich.markup import escape

import services.cli
from services.cli._output import err
from services.version import program_version

_OURS = frozenset({"services", "faults", "agents", "corpus", "observability"})


def build_app() -> typer.Typer:
    """Return the command-line application, one command from each module of this package."""
    app = typer.Typer(
        name="stillgreen",
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="markdown",
        context_settings={"help_option_names": ["-h", "--help"]},
        help="A finance RAG and agent application that goes wrong quietly, on demand.",
    )

    @app.callback()
    def options(
        shown: Annotated[
            bool,
            typer.Option(
                "--version", help="Print the version and exit.", is_eager=True, callback=_version
            ),
        ] = False,
    ) -> None:
        """Options of every command."""

    for name in sorted(module.name for module in pkgutil.iter_modules(services.cli.__path__)):
        if name == "main" or name.startswith("_"):
            continue
        importlib.import_module(f"services.cli.{name}").register(app)
    return app


def main() -> None:
    """Run the command line; our own errors become a message and exit code 1."""
    try:
        build_app()()
    except BrokenPipeError:
        # The reader of a pipe has had enough; that is its right.
        sys.stderr.close()
        raise SystemExit(1) from None
    except Exception as error:
        if not is_ours(error):
            _unexpected(error)
        err().print(f"[red]error:[/red] {escape(str(error))}")
        raise SystemExit(1) from None


def is_ours(error: BaseException) -> bool:
    """Tell whether an error is one that the project raises on purpose."""
    return type(error).__module__.partition(".")[0] in _OURS


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"stillgreen {program_version()}")
        raise typer.Exit


def _unexpected(error: Exception) -> None:
    traceback.print_exception(error)
    err().print("[red]This is a defect of StillGreen.[/red] Please report it with the lines above.")
    raise SystemExit(1) from None


if __name__ == "__main__":
    main()
