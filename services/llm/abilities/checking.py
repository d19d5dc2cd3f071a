"""Check an answer's claims against the documents in the prompt."""

from __future__ import annotations

import re
from dataclasses import dataclass

from services.llm import features
from services.llm.attention import attend
from services.llm.naming import identifiers
from services.llm.profiles import Profile
from services.llm.prompt import Prompt
from services.llm.reading import ReadingRoom
from services.llm.values import Kind, find_values, parse_date, parse_number

_CITATION = re.compile(r"\s*\[(?:[A-Z]\d+(?:\s*,\s*)?)+\]")
_SENTENCE = re.compile(r"(?<=[.!?])\s+(?=[A-Z0-9])")
_NAME_WORD = re.compile(r"(?<=[a-z,:] )[A-Z][a-zà-ÿ]{2,}")
_COVERAGE = features.AT["with_block"]
_ENOUGH = 0.65
"""Weighted mean best match in a document above which a claim's content counts as found."""


@dataclass(frozen=True, slots=True)
class CheckedClaim:
    """A sentence of the answer, whether a document supports it, and which."""

    claim: str
    supported: bool
    evidence: str


def check(room: ReadingRoom, prompt: Prompt, profile: Profile) -> list[CheckedClaim]:
    """Return the claims of ``prompt.to_check``, each with a judgement."""
    plain = _CITATION.sub("", prompt.to_check)
    claims = [claim.strip() for claim in _SENTENCE.split(plain) if claim.strip()]
    return [_check(room, prompt, profile, claim) for claim in claims]


def _check(room: ReadingRoom, prompt: Prompt, profile: Profile, claim: str) -> CheckedClaim:
    attention = attend(room, prompt, profile, question=claim)
    wanted = identifiers(prompt.question)
    for index in attention.order()[:5]:
        place = attention.places[index]
        block = attention.blocks[place.block]
        about = not wanted or bool(wanted & block.ids)
        found = attention.rows[index, _COVERAGE] >= _ENOUGH
        if about and found and _facts(claim) <= _facts(f"{block.title} {block.text}"):
            return CheckedClaim(claim, True, prompt.blocks[place.block].id)
    return CheckedClaim(claim, False, "")


def _facts(text: str) -> frozenset[str]:
    """Return the figures, dates, identifiers and names of a text, however they are written."""
    found: set[str] = set()
    for value in find_values(text):
        if value.kind is Kind.IDENTIFIER:
            found.add(value.text.upper())
        elif value.kind in (Kind.MONEY, Kind.PERCENT, Kind.NUMBER, Kind.DURATION):
            number = parse_number(value.text)
            if number is not None:
                found.add(f"{abs(number):g}")
        elif value.kind is Kind.DATE:
            found.add(parse_date(value.text))
    found.update(word.casefold() for word in _NAME_WORD.findall(text))
    return frozenset(found)
