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
from services.llm.words import stems


@dataclass(frozen=True)
class Usage:
    """What a company's documents say: all of their text in small letters, and their stems."""

    text: str
    stems: frozenset[str]

    def has(self, phrase: str) -> bool:
        """Tell whether documents use a phrase, or each of its content words somewhere."""
        said = re.search(rf"\b{re.escape(phrase.casefold())}\b", self.text)
        return said is not None or stems(phrase) <= self.stems


@dataclass(frozen=True)
class Rewording:
    """Phrases and what to say instead, for one company.

    ``names`` are what the company calls vendors and goods: they stay.
    """

    instead: Mapping[str, str]
    names: Sequence[str]

    @classmethod
    def of(cls, world: World, documents: Iterable[Document]) -> Rewording:
        """Return the rewording for a company: synonyms that its documents do not use."""
        texts = [f"{document.title}\n{document.text}" for document in documents]
        used = Usage("\n".join(texts).casefold(), frozenset[str]().union(*map(stems, texts)))
        instead: dict[str, str] = {}
        for phrase, candidates in synonyms().items():
            free = [each for each in candidates if not used.has(each)]
            if free:
                instead[phrase] = free[0]
        vendors = [name for v in world.vendors for name in (v.full_name, v.name)]
        goods = [item.description for a in world.agreements for item in a.items]
        return cls(instead, sorted(dict.fromkeys([*vendors, *goods]), key=len, reverse=True))

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
            return other[0].upper() + other[1:] if said.istitle() else other

        return re.sub(pattern, change, text, flags=re.IGNORECASE)


def synonyms() -> dict[str, list[str]]:
    """Return phrases, each with what else one can say, the best first."""
    path = files("services.lab.mutation").joinpath("synonyms.yml")
    found: dict[str, list[str]] = yaml.safe_load(path.read_text("utf-8"))
    return found
