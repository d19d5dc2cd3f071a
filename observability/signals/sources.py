"""What stands for the code of signals, so that what was learned from them can tell its age."""

from __future__ import annotations

import ast
import hashlib
import json
import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path
from typing import Final

from observability.signals.signal import load_signals
from observability.telemetry import semconv

_KEY: Final = re.compile(r"\bsemconv\.([A-Z][A-Z0-9_]+)")
_SHARED: Final = ("reading", "trace")
"""The modules beside the signals that their values follow from as well."""


def signals_digest(names: Iterable[str]) -> str:
    """Return 16 hex digits that change with the code of some signals or the keys that they read.

    Comments, docstrings and blank lines count for nothing. What puts a key onto
    spans is not looked at. Names that are no signal of ours count for nothing.
    """
    ours = load_signals()
    parts = [_part(name) for name in sorted({*names, *_SHARED}) if name in ours or name in _SHARED]
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:16]


def keys_in(source: str) -> frozenset[str]:
    """Return the attributes that a source names."""
    values = (getattr(semconv, name, None) for name in _KEY.findall(source))
    return frozenset(value for value in values if isinstance(value, str))


def code_of(source: str) -> str:
    """Return the lines of a source that do something."""
    # Not the syntax tree itself: it is written otherwise by every version of Python.
    silent: set[int] = set()
    for node in ast.walk(ast.parse(source)):
        if (
            isinstance(node, ast.Expr)
            and isinstance(node.value, ast.Constant)
            and isinstance(node.value.value, str)
        ):
            silent.update(range(node.lineno, (node.end_lineno or node.lineno) + 1))
    lines = (line.rstrip() for n, line in enumerate(source.splitlines(), 1) if n not in silent)
    return "\n".join(line for line in lines if line and not line.lstrip().startswith("#"))


@cache
def _part(name: str) -> tuple[str, str, list[str]]:
    source = (Path(__file__).parent / f"{name}.py").read_text(encoding="utf-8")
    return name, code_of(source), sorted(keys_in(source))
