"""Tells whether a question is written in English, without a model."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from importlib import resources

import yaml

_WORD = re.compile(r"[^\W\d_]+(?:'[^\W\d_]+)?")


@lru_cache(maxsize=1)
def _common_words() -> Mapping[str, frozenset[str]]:
    text = (resources.files("agents") / "languages.yml").read_text("utf-8")
    return {name: frozenset(words.split()) for name, words in yaml.safe_load(text).items()}


def foreign_language(text: str) -> str | None:
    """Return the language of a text that is not English, None for English or when unsure.

    A text in another script is named by its script. Latin text counts as
    foreign when at least two of its words, and clearly more than are English,
    are common words of one other language.
    """
    letters = [character for character in text if character.isalpha()]
    other = [c for c in letters if not unicodedata.name(c, "").startswith("LATIN")]
    if letters and len(other) > 0.3 * len(letters):
        script = unicodedata.name(other[0], "UNKNOWN").split()[0].title()
        return {"Cjk": "Chinese or Japanese", "Hiragana": "Japanese", "Katakana": "Japanese"}.get(
            script, f"{script} script"
        )
    words = [word.casefold() for word in _WORD.findall(text)]
    hits_of = {
        name: sum(word in common for word in words) for name, common in _common_words().items()
    }
    english = hits_of.pop("English")
    best = max(hits_of, key=lambda name: hits_of[name])
    hits = hits_of[best]
    return best if hits >= 2 and hits >= english + 2 else None
