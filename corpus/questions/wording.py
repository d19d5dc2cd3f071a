"""Reads how the families are asked."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files

import yaml

from corpus.questions.errors import QuestionDataError


@lru_cache
def templates() -> dict[str, dict[str, str]]:
    """Return for each family its wordings by name: w1 and w2, and the held-out w3 and w4.

    Raises ``QuestionDataError`` if a file is malformed.
    """
    found: dict[str, dict[str, str]] = {}
    for name, first in (("wordings.yml", 1), ("wordings_heldout.yml", 3)):
        path = files("corpus.questions") / name
        if not path.is_file():
            # The held-out wordings are kept apart and may be left out.
            continue
        try:
            data = yaml.safe_load(path.read_text(encoding="utf-8"))
        except yaml.YAMLError as error:
            raise QuestionDataError(f"{name} is not YAML: {error}") from error
        if not isinstance(data, dict):
            raise QuestionDataError(f"{name} must map families to lists of wordings")
        for family, texts in data.items():
            if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
                raise QuestionDataError(f"{name}: {family} must have a list of texts")
            named = found.setdefault(str(family), {})
            named.update({f"w{first + n}": text for n, text in enumerate(texts)})
    return found
