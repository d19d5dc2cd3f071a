"""Words as lexical search sees them: identifiers and amounts stay whole."""

from __future__ import annotations

import re

# An amount, then a word that may hold hyphens, dots and slashes inside (INV-2026-0133, 30.06.2026).
_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:[-./][^\W_]+)*")
_PART = re.compile(r"[-./]")

_STOP_WORDS = frozenset(
    """
    a an and any are as at be been but by can could did do does for from had has have how i if in
    into is it its me my of on or our please say says so tell than that the their them then there
    these they this to us was we were what when where which who whom why will with would you your
    """.split()  # noqa: SIM905 - sixty words read better as text
)


def words(text: str) -> list[str]:
    """Return the case-folded words of a text, stop words left out.

    A compound with a digit in it is an identifier and stays whole; another
    compound gives its parts as well (``three-way``, ``three``, ``way``).
    """
    found: list[str] = []
    for word, _, _ in words_at(text):
        found.append(word)
        parts = _PART.split(word)
        if len(parts) > 1 and not any(character.isdigit() for character in word):
            found.extend(part for part in parts if part not in _STOP_WORDS)
    return found


def words_at(text: str) -> list[tuple[str, int, int]]:
    """Return the case-folded whole words of a text with their offsets, stop words left out."""
    return [
        (word, match.start(), match.end())
        for match in _WORD.finditer(text)
        if (word := match.group().casefold()) not in _STOP_WORDS
    ]
