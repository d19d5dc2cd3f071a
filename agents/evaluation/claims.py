"""Takes an answer apart into claims, and texts into the facts that they state."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.ports import Evidence

_CITATION = re.compile(r"\[(D\d+(?:\s*,\s*D\d+)*)\]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9\[])|\n+")
_IDENTIFIER = re.compile(r"\b[A-Z]{1,4}-[A-Z0-9]+(?:-[A-Z0-9]+)*\b")
_ISO_DATE = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_MONTHS = "january february march april may june july august september october november december"
_MONTH_OF = {name: number for number, name in enumerate(_MONTHS.split(), start=1)}
_MONTH_OF |= {name[:3]: number for name, number in _MONTH_OF.items()}
_NAMES = "|".join(sorted(_MONTH_OF, key=len, reverse=True))
_DAY_MONTH = re.compile(rf"\b(\d{{1,2}})\.? (?:of )?({_NAMES})\.?,? (\d{{4}})\b", re.IGNORECASE)
_MONTH_DAY = re.compile(rf"\b({_NAMES})\.? (\d{{1,2}}),? (\d{{4}})\b", re.IGNORECASE)
_FIGURE = re.compile(
    r"(?<![\w.,-])\d{1,3}(?:[, ]\d{3})+(?:\.\d+)?(?![\w-])|(?<![\w.,-])\d+(?:\.\d+)?(?![\w-])"
)
_WORD = re.compile(r"[^\W\d_]{3,}")
_DULL = frozenset(
    [
        "the",
        "and",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "for",
        "from",
        "with",
        "this",
        "that",
        "its",
        "which",
        "who",
        "when",
        "what",
        "how",
        "much",
        "many",
        "does",
        "did",
        "not",
        "you",
        "our",
        "their",
        "there",
        "been",
        "will",
        "can",
        "any",
        "all",
        "into",
        "per",
        "under",
        "than",
        "then",
        "also",
    ]
)


@dataclass(frozen=True, slots=True)
class Claim:
    """One sentence of an answer without its citations, and the places that it cites."""

    text: str
    cited: Sequence[int]


def split_claims(answer: str) -> list[Claim]:
    """Return the answer's sentences; ``cited`` counts ``[D1]`` as 0."""
    claims = []
    for sentence in _SENTENCE.split(answer):
        text = re.sub(r"\s+([.,;!?])", r"\1", _CITATION.sub("", sentence)).strip(" -*\t")
        if _WORD.search(text) or _FIGURE.search(text):
            claims.append(Claim(text, cited_places(sentence)))
        elif claims and cited_places(sentence):
            # "… is due. [D1]": a citation after the full stop belongs to what it follows.
            claims[-1] = Claim(claims[-1].text, (*claims[-1].cited, *cited_places(sentence)))
    return claims


def cited_places(text: str) -> tuple[int, ...]:
    """Return the places cited in a text, counted from 0, each once, in order."""
    labels = [label for match in _CITATION.finditer(text) for label in match[1].split(",")]
    return tuple(dict.fromkeys(int(label.strip()[1:]) - 1 for label in labels))


@lru_cache(maxsize=4096)  # every check asks for those of the same passages
def figures(text: str) -> frozenset[str]:
    """Return the identifiers, dates and numbers of a text, each in one way of writing."""
    found: set[str] = set()
    rest = text
    for match in _IDENTIFIER.finditer(rest):
        found.add(match[0])
    rest = _IDENTIFIER.sub(" ", rest)
    for match in _ISO_DATE.finditer(rest):
        found.add(match[0])
    rest = _ISO_DATE.sub(" ", rest)
    for match in _DAY_MONTH.finditer(rest):
        found.add(f"{match[3]}-{_MONTH_OF[match[2].lower()]:02d}-{int(match[1]):02d}")
    rest = _DAY_MONTH.sub(" ", rest)
    for match in _MONTH_DAY.finditer(rest):
        found.add(f"{match[3]}-{_MONTH_OF[match[1].lower()]:02d}-{int(match[2]):02d}")
    rest = _MONTH_DAY.sub(" ", rest)
    for match in _FIGURE.finditer(rest):
        found.add(f"{float(re.sub('[, ]', '', match[0])):g}")
    return frozenset(found)


@lru_cache(maxsize=4096)
def content_words(text: str) -> frozenset[str]:
    """Return the words of a text that carry meaning, roughly stemmed."""
    words = (word.casefold() for word in _WORD.findall(text))
    return frozenset(_stem(word) for word in words if word not in _DULL)


def evidence_text(piece: Evidence) -> str:
    """Return all of a piece of evidence that a reader sees."""
    return f"{piece.title}\n{piece.text}"


def _stem(word: str) -> str:
    for ending in ("ments", "ment", "ings", "ing", "ies", "ed", "es", "s"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word
