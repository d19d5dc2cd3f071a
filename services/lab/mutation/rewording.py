"""Asks in other words: key words are replaced by synonyms that no document uses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files

import yaml

from corpus.ledger import World
from corpus.ports import Document
from corpus.questions import Question
from corpus.questions.families.aggregates import STATUS_WORDS
from services.llm.words import STOP_WORDS

_SAID_BEFORE = ("the status", "that are", "number is")
"""How questions lead up to the status of an invoice."""


@dataclass(frozen=True)
class Usage:
    """What a company's documents say: their whole text and each word of it, in small letters."""

    text: str
    words: frozenset[str]

    @classmethod
    def of(cls, documents: Iterable[Document]) -> Usage:
        """Return what documents say, titles included."""
        text = "\n".join(f"{document.title}\n{document.text}" for document in documents).casefold()
        return cls(text, frozenset(re.findall(r"[^\W\d_]+", text)))

    def has(self, phrase: str) -> bool:
        """Tell whether documents use a phrase, or each of its content words in some form."""
        phrase = phrase.casefold()
        if re.search(rf"\b{re.escape(phrase)}\b", self.text):
            return True
        own = [word for word in re.findall(r"[^\W\d_]+", phrase) if word not in STOP_WORDS]
        return all(self._has_word(word) for word in own)

    def _has_word(self, word: str) -> bool:
        base = re.sub(r"(?:s|ed|ing)$", "", word)
        stems = {word, base, f"{base}e", re.sub(r"e$", "", word)}
        return any(f"{stem}{end}" in self.words for stem in stems for end in _ENDINGS)


_ENDINGS = ("", "s", "es", "d", "ed", "ing")


@dataclass(frozen=True)
class Rewording:
    """Phrases and what to say instead, for one company.

    ``names`` are what the company calls vendors, goods and states of invoices: they stay.
    """

    instead: Mapping[str, str]
    names: Sequence[str]

    @classmethod
    def of(cls, world: World, documents: Iterable[Document]) -> Rewording:
        """Return the rewording for a company: synonyms that its documents do not use."""
        usage = Usage.of(documents)
        # A phrase that nothing else can be said for stays whole: its words mean something
        # else on their own.
        instead = {
            phrase: next((each for each in candidates if not usage.has(each)), phrase)
            for phrase, candidates in synonyms().items()
        }
        vendors = [name for v in world.vendors for name in (v.full_name, v.name)]
        goods = [item.description for a in world.agreements for item in a.items]
        # A status is a value, as names are.
        states = [f"{said} {word}" for said in _SAID_BEFORE for word in STATUS_WORDS.values()]
        names = dict.fromkeys([*vendors, *goods, *states])
        return cls(instead, sorted(names, key=len, reverse=True))

    def reworded(self, question: Question) -> Question:
        """Return a question in other words, the same question where it has none to change."""
        return replace(question, text=self.reword(question.text))

    def reword(self, text: str) -> str:
        """Return a text in which each known phrase outside of names is said otherwise."""
        instead = {phrase.casefold(): other for phrase, other in self.instead.items()}
        known = "|".join(map(re.escape, sorted(instead, key=len, reverse=True))) or "(?!)"
        kept = "|".join(map(re.escape, self.names)) or "(?!)"
        pattern = rf"(?P<kept>{kept})|\b(?:(?P<article>an?) )?(?P<said>{known})\b(?!-)"

        def change(match: re.Match[str]) -> str:
            said, article = match["said"], match["article"]
            if said is None:
                return match[0]
            other = instead[said.casefold()]
            if article:
                vowel = other[0] in "aeiou" and not other.startswith(("uni", "eu", "one"))
                return f"{article[0]}{'n' if vowel else ''} {other}"
            starts = said[0].isupper() and not said.isupper()
            return other[0].upper() + other[1:] if starts else other

        return re.sub(pattern, change, text, flags=re.IGNORECASE)


def synonyms() -> dict[str, list[str]]:
    """Return phrases, each with what else one can say, the best first."""
    path = files("services.lab.mutation").joinpath("synonyms.yml")
    found: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return found
