"""Loads prompt files and fills their ``{{placeholders}}``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from agents.errors import PromptError
from corpus.luck import Luck

_PLACEHOLDER = re.compile(r"\{\{(\w+)\}\}")


class FilePrompts:
    """The prompts of a folder: ``name.md`` is the prompt called ``name``."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read all prompts of the folder, by default the ones of this package."""
        folder = folder or Path(__file__).parent
        self._texts = {
            path.stem: path.read_text(encoding="utf-8").strip()
            for path in sorted(folder.glob("*.md"))
        }

    def render(self, name: str, luck: Luck, values: Mapping[str, str]) -> str:
        if name not in self._texts:
            raise PromptError(f"there is no prompt called {name!r}")
        return _PLACEHOLDER.sub(lambda match: _value(match[1], name, values), self._texts[name])


def _value(key: str, name: str, values: Mapping[str, str]) -> str:
    if key not in values:
        raise PromptError(f"prompt {name!r} asks for {key!r}, which has no value")
    return values[key]
