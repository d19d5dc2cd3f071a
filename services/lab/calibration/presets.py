"""Writes fitted presets into a profiles file, whose comments and other profiles stay."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path

from services.lab.calibration.fitting import Fit


def write(path: Path, fits: Sequence[Fit]) -> None:
    """Put presets into a file; if there is none, it begins as the shipped one."""
    if path.exists():
        text = path.read_text("utf-8")
    else:
        text = files("services.llm").joinpath("profiles.yml").read_text("utf-8")
    for each in fits:
        text = placed(text, each.profile.name, each.values)
    path.write_text(text, "utf-8")


def placed(text: str, name: str, values: Mapping[str, float]) -> str:
    """Return a profiles file with a preset's block replaced, or added at the end."""
    block = f"  {name}:\n" + "".join(f"    {k}: {_number(v)}\n" for k, v in values.items())
    known = re.compile(rf"^  {re.escape(name)}:\n(?:    .*\n)*", re.MULTILINE)
    if known.search(text):
        return known.sub(lambda _: block, text, count=1)
    return text.rstrip("\n") + "\n" + block


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) and abs(value) >= 100 else str(round(value, 4))
