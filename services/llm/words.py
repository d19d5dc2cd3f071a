"""Words as a reader weighs them: function words carry little, names and rare words much."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from wordfreq import zipf_frequency

_WORD = re.compile(r"[A-Za-zÀ-ÖØ-öø-ÿ]+(?:['’][a-z]+)?|\d+(?:[.,]\d+)*")
STOP_WORDS = frozenset(
    re.findall(
        r"\w+",
        """
    a about after again all also am an and any are as at be been before being but by can
    could did do does doing done during each for from get gets give given gives go had has
    have having he her here him his how i if in into is it its just know let like made make
    many may me more most much must my need no nor not now of off on once one only or other
    our out over please said same say see shall she should show so some still such tell than
    that the their them then there these they this those through to too under up us very
    want was we were what whats when where whether which while who whom whose why will with
    would you your yours find exactly currently kindly question according regarding
    concerning look check happened happen
    """,
    )
)


def stem(word: str) -> str:
    """Return a word without its commonest English endings; good enough to match word forms."""
    word = word.casefold()
    for ending in ("ations", "ation", "ments", "ment", "ings", "ing", "ies", "ied", "ally", "ers"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            return word[: -len(ending)]
    for ending in ("ed", "es", "al", "er", "ly", "s", "e", "y"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word


@lru_cache(maxsize=16384)
def rarity(word: str) -> float:
    """Return how much a word tells, from 0.03 for *the* to 1 for one that few texts use.

    By the Zipf frequency of English words (``wordfreq``): 6 is once in a
    thousand words, 3.5 once in three hundred thousand.
    """
    zipf = zipf_frequency(word, "en", wordlist="small")
    return min(1.0, max(0.03, (6.0 - zipf) / 2.5))


@lru_cache(maxsize=16384)
def stems(text: str) -> frozenset[str]:
    """Return the stems of a text's content words."""
    return frozenset(
        stem(word) for word in _WORD.findall(text) if word.casefold() not in STOP_WORDS
    )


_NEGATIONS = frozenset(
    ["no", "not", "without", "never", "none", "nobody", "nothing", "lack", "lacks", "lacking"]
)
_TURNS = frozenset(
    """above after against before below beyond during except first last less more only outside
    over own under until""".split()  # noqa: SIM905 - a list of words reads best as a text
)


@dataclass(frozen=True, slots=True)
class Turns:
    """Small words that turn a meaning: is something denied, and which relations are named."""

    negated: bool
    relations: frozenset[str]


_STANDSTILL = re.compile(r"\b(?:pending|awaiting|outstanding|open|unpaid|unapproved)\b", re.I)


@lru_cache(maxsize=16384)
def denies(text: str) -> bool:
    """Tell whether a text says that something is not there, or not yet."""
    return turns(text).negated or bool(_STANDSTILL.search(text))


@lru_cache(maxsize=16384)
def turns(text: str) -> Turns:
    """Return the small words of a text that turn its meaning."""
    words = frozenset(re.findall(r"[a-z]+", text.casefold()))
    negated = bool(words & _NEGATIONS) or "n't" in text or "n’t" in text
    return Turns(negated, words & _TURNS)


def word_spans(text: str) -> list[tuple[int, int]]:
    """Return the offsets of a text's words and numbers."""
    return [match.span() for match in _WORD.finditer(text)]
