"""What a reader knows about words beforehand: which phrases of business language mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

_PIECE = re.compile(r"\w+|[^\w\s]")
"""A word or a sign: what a phrase may begin with."""


@dataclass(frozen=True, slots=True)
class _Glossary:
    """``starting`` gives the phrases by their first word, longest first."""

    starting: dict[str, tuple[str, ...]]
    meanings: dict[str, frozenset[str]]
    rivals: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _glossary() -> _Glossary:
    raw = yaml.safe_load(files("services.llm").joinpath("glossary.yml").read_text("utf-8"))
    meanings: dict[str, set[str]] = {}
    for concept, phrases in raw["concepts"].items():
        for phrase in phrases:
            meanings.setdefault(phrase.casefold(), set()).add(concept)
    starting: dict[str, list[str]] = {}
    for phrase in sorted(meanings, key=lambda phrase: (-len(phrase), phrase)):
        first = _PIECE.match(phrase)
        if first is not None:
            starting.setdefault(first.group(), []).append(phrase)
    rivals: dict[str, set[str]] = {}
    for group in raw["apart"]:
        for concept in group:
            rivals.setdefault(concept, set()).update(set(group) - {concept})
    return _Glossary(
        {first: tuple(phrases) for first, phrases in starting.items()},
        {phrase: frozenset(found) for phrase, found in meanings.items()},
        {concept: frozenset(others) for concept, others in rivals.items()},
    )


@lru_cache(maxsize=16384)
def concepts(text: str) -> frozenset[str]:
    """Return the concepts that a text speaks of; of overlapping phrases the longest counts."""
    glossary = _glossary()
    lower = text.casefold()
    found: set[str] = set()
    end = 0
    for piece in _PIECE.finditer(lower):
        if piece.start() < end:
            continue
        for phrase in glossary.starting.get(piece.group(), ()):
            after = piece.start() + len(phrase)
            if lower.startswith(phrase, piece.start()) and not _goes_on(lower, after):
                found |= glossary.meanings[phrase]
                end = after
                break
    return frozenset(found)


def _goes_on(text: str, at: int) -> bool:
    """Tell whether a word goes on at a place: a phrase matches whole words."""
    return at < len(text) and (text[at].isalnum() or text[at] == "_")


def rivals(concept: str) -> frozenset[str]:
    """Return the concepts that are easily taken for the given one but are something else."""
    return _glossary().rivals.get(concept, frozenset())
