"""The installed version of the project."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def program_version() -> str:
    """Return the installed version, or one that says that it is unknown."""
    try:
        return version("stillgreen")
    except PackageNotFoundError:
        return "0+unknown"
