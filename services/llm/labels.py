"""What labels on business documents mean, and how well one fits a field of a form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files

import yaml

from services.llm.words import stem

_WORD = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class _Labels:
    pattern: re.Pattern[str]
    meanings: dict[str, frozenset[str]]
    others: dict[str, frozenset[str]]


@lru_cache(maxsize=1)
def _labels() -> _Labels:
    raw = yaml.safe_load(files("services.llm").joinpath("labels.yml").read_text("utf-8"))
    meanings: dict[str, set[str]] = {}
    for name, phrases in raw["fields"].items():
        for phrase in (*phrases, name.replace("_", " ")):
            meanings.setdefault(_plain(phrase), set()).add(name)
    longest_first = sorted(meanings, key=lambda phrase: (-len(phrase), phrase))
    alternatives = "|".join(re.escape(phrase) for phrase in longest_first)
    others: dict[str, set[str]] = {}
    for group in raw["apart"]:
        for name in group:
            others.setdefault(name, set()).update(set(group) - {name})
    return _Labels(
        re.compile(rf"(?<!\w)(?:{alternatives})(?!\w)"),
        {phrase: frozenset(found) for phrase, found in meanings.items()},
        {name: frozenset(apart) for name, apart in others.items()},
    )


def _plain(text: str) -> str:
    """Return a text in small letters, with one space where others have dots, dashes or none."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text)
    return " ".join(re.sub(r"[._/:\-–]+", " ", spaced).casefold().split())


@dataclass(frozen=True, slots=True)
class Meaning:
    """A label as read: the fields that it may stand for, and its words' stems."""

    fields: frozenset[str]
    stems: frozenset[str]


@lru_cache(maxsize=16384)
def meaning(label: str) -> Meaning:
    """Return what a label, or the name of a field, stands for."""
    plain = _plain(label)
    found: set[str] = set()
    for match in _labels().pattern.finditer(plain):
        found |= _labels().meanings[match.group()]
    stems = frozenset(stem(w) for w in _WORD.findall(plain) if w not in _EMPTY)
    return Meaning(frozenset(found), stems)


def as_field(field: Meaning) -> Meaning:
    """Return a field's meaning without that of *amount* or *total*, if it has a better one."""
    telling = field.fields - {"line_total", "gross"} or field.fields - {"line_total"}
    return Meaning(telling or field.fields, field.stems)


def stems_of(text: str) -> frozenset[str]:
    """Return the stems of a text's words."""
    return meaning(text).stems


_EMPTY = frozenset(["the", "of", "a", "an", "in", "on", "for", "is", "and", "no", "number", "id"])


def fit(field: Meaning, label: Meaning) -> float:
    """Return how well a label fits a field, from about -2 to 3.

    Shared meanings and shared words speak for it, a meaning that is easily
    taken for the field's but is another speaks against.
    """
    score = 0.0
    shared = field.fields & label.fields
    if shared:
        surplus = len(label.fields - field.fields)
        score += 2.0 - 0.3 * min(surplus, 2)
    apart = _labels().others
    rivals = frozenset[str]().union(*(apart.get(name, frozenset()) for name in field.fields))
    if label.fields & rivals - field.fields and not shared:
        score -= 2.0
    if field.stems and label.stems:
        both = len(field.stems & label.stems)
        score += 1.2 * both / len(field.stems) - 0.15 * min(len(label.stems - field.stems), 3)
    return score
