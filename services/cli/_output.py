"""How commands write: results to stdout, everything else to stderr."""

from __future__ import annotations

import json
import logging

from rich.console import Console


def out() -> Console:
    """Return the console for results. Rich itself respects NO_COLOR."""
    return Console(highlight=False)


def err() -> Console:
    """Return the console for progress, hints and errors."""
    return Console(stderr=True, highlight=False, soft_wrap=True)


def print_json(value: object) -> None:
    """Write a result as JSON, unwrapped and uncoloured, so that programs can read it."""
    Console(soft_wrap=True, highlight=False, markup=False, emoji=False).print(
        json.dumps(value, ensure_ascii=False, indent=2)
    )


def set_up_logging(level: str) -> None:
    """Write the log to stderr from a level on; DEBUG shows what led to an error too."""
    handler = logging.StreamHandler()
    # On the handler too, since a library may have given its own logger a lower level.
    handler.setLevel(level)
    logging.basicConfig(
        level=level, format="%(levelname)s %(name)s: %(message)s", handlers=[handler]
    )
