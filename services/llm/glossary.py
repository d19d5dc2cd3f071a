"""What a reader knows about words beforehand: which phrases of business language mean the same."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml


@dataclass(frozen=True, slots=True)
class _Glossary:
    pattern: re.Pattern[str]
    meanings: dict[str, frozenset[str]]
    rivals: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _glossary() -> _Glossary:
    raw = yaml.safe_load(files("services.llm").joinpath("glossary.yml").read_text("utf-8"))
    meanings: dict[str, set[str]] = {}
    for concept, phrases in raw["concepts"].items():
        for phrase in phrases:
            meanings.setdefault(phrase.casefold(), set()).add(concept)
    longest_first = sorted(meanings, key=lambda phrase: (-len(phrase), phrase))
    alternatives = "|".join(re.escape(phrase) for phrase in longest_first)
    rivals: dict[str, set[str]] = {}
    for group in raw["apart"]:
        for concept in group:
            rivals.setdefault(concept, set()).update(set(group) - {concept})
    return _Glossary(
        re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)"),
        {phrase: frozenset(found) for phrase, found in meanings.items()},
        {concept: frozenset(others) for concept, others in rivals.items()},
    )


@lru_cache(maxsize=16384)
def concepts(text: str) -> frozenset[str]:
    """Return the concepts that a text speaks of; of overlapping phrases the longest counts."""
    glossary = _glossary()
    found: set[str] = set()
    for match in glossary.pattern.finditer(text.casefold()):
        found |= glossary.meanings[match.group()]
    return frozenset(found)


def rivals(concept: str) -> frozenset[str]:
    """Return the concepts that are easily taken for the given one but are something else."""
    return _glossary().rivals.get(concept, frozenset())
