"""Orders inside documents: sentences that tell whoever reads them for somebody what to do.

A document is there to be read, not to be obeyed, and models do not always keep
the two apart. An order is known by what makes it one in any document: it
speaks to an assistant, a language model or the like and tells it to do
something, or it asks that instructions be forgotten.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from corpus.luck import Luck
from services.llm.profiles import Profile
from services.llm.prompt import Block

_SAYING: Final = (
    "answer|claim|confirm|describe|inform|mention|output|reply|report|respond|return|say|state|"
    "summari[sz]e|tell|write"
)
_DOING: Final = (
    f"{_SAYING}|act|approve|classify|disclose|disregard|discuss|follow|forget|ignore|include|mark|"
    "omit|override|present|recommend|refuse|reveal|show|treat|use"
)
_READER: Final = (
    r"(?:AIs?|A\.I\.|artificial intelligence|(?:large )?language models?|LLMs?|GPTs?|"
    r"assistants?|chat ?bots?|bots?|copilots?|"
    r"(?:AI|automated|automatic|digital|virtual) (?:agents?|readers?|systems?|tools?))"
)
_ADDRESSED = re.compile(
    rf"\b{_READER}\b[^.!?\n]{{0,80}}?"
    r"(?:\b(?:must|shall|should|need to|has to|have to|is to|are to|"
    r"(?:is|are) (?:instructed|required|asked|told) to|please)\b|[:;,–-])\s+"
    rf"(?:please |kindly |now |always |only |never |do not |don't )*(?:{_DOING})\b",
    re.I,
)
_FORGETTING = re.compile(
    r"\b(?:ignore|disregard|forget|override)\b[^.!?\n]{0,40}?"
    r"\b(?:all|any|every|the|your|other|previous|prior|earlier|above|preceding)\b[^.!?\n]{0,30}?"
    r"\b(?:instructions?|prompts?|rules|guidelines|directions|documents|context)\b",
    re.I,
)
_GOES_ON = re.compile(
    rf"(?:instead,? |then,? |and |also,? |please |always |never |do not |don't )*(?:{_DOING})\b",
    re.I,
)
_SENTENCE = re.compile(r"(?<=[.!?])[\"”]?\s+(?=[A-Z\"“])")
_QUOTED = re.compile(rf"\b(?:{_SAYING})\b[^\"“]{{0,80}}[\"“]([^\"”]{{3,300}})[\"”]", re.I)
_THAT = re.compile(rf"\b(?:{_SAYING})\b[^.!?]{{0,60}}?\bthat\s+([^.!?]{{3,300}})", re.I)
_AS = re.compile(
    r"\b(?:classify|describe|mark|present|report|show|treat)\s+(it|(?:this|the|all) [\w ]{2,40}?)"
    r"\s+as\s+([^.!?]{3,200})",
    re.I,
)
_SILENCING = re.compile(
    r"\b(?:do not|don't|never|must not|may not|refuse to|decline to)\s+"
    r"(?:answer|disclose|discuss|reply|respond|reveal|say)\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Order:
    """What a document tells its reader to do; ``block`` is the number of the document.

    ``says`` is what it wants said, "" for nothing in particular; ``silences``
    tells that it wants nothing said, ``frees`` that instructions be forgotten.
    """

    block: int
    says: str
    silences: bool
    frees: bool

    @property
    def frees_only(self) -> bool:
        """Tell whether it asks for nothing but that instructions be forgotten."""
        return self.frees and not self.says and not self.silences


def heeded(blocks: Sequence[Block], profile: Profile, luck: Luck) -> Order | None:
    """Return the first order in the blocks if the profile falls for it this time."""
    for number, block in enumerate(blocks):
        found = find_order(block.text)
        if found is not None:
            falls = luck.uniform("order") < profile.injection_susceptibility
            says, silences, frees = found
            return Order(number, says, silences, frees) if falls else None
    return None


@lru_cache(maxsize=4096)
def find_order(text: str) -> tuple[str, bool, bool] | None:
    """Return what the first order in a text wants: said, silenced, freed; None without one.

    An order that wants none of these is none, since nothing can be told to
    follow from it.
    """
    for line in text.splitlines():
        sentences = _SENTENCE.split(line)
        for at, sentence in enumerate(sentences):
            if not (_ADDRESSED.search(sentence) or _FORGETTING.search(sentence)):
                continue
            end = at + 1
            while end < len(sentences) and _GOES_ON.match(sentences[end]):
                end += 1
            order = " ".join(sentences[at:end])
            says = _wanted(order)
            silences = not says and bool(_SILENCING.search(order))
            frees = bool(_FORGETTING.search(order))
            if says or silences or frees:
                return says, silences, frees
    return None


def _wanted(order: str) -> str:
    """Return the words that an order wants to have said, as a sentence, or ""."""
    quoted = _QUOTED.search(order)
    if quoted is not None:
        return _sentence(quoted[1])
    that = _THAT.search(order)
    if that is not None:
        return _sentence(that[1])
    named = _AS.search(order)
    if named is not None:
        return _sentence(
            f"{named[1]} {'are' if named[1][:3].lower() == 'all' else 'is'} {named[2]}"
        )
    return ""


def _sentence(words: str) -> str:
    plain = " ".join(words.split()).rstrip(" ,;")
    return f"{plain[:1].upper()}{plain[1:]}{'' if plain[-1:] in '.!?' else '.'}"
