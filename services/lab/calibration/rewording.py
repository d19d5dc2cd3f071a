"""Asks in words that do not occur in the answer, as benchmarks without literal matches do."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache
from importlib.resources import files

import yaml

from corpus.questions import Question
from services.llm.naming import identifiers
from services.llm.words import stems

_PROPER = re.compile(r"(?<=[a-z,:] )[A-Z][\w&-]+(?: [A-Z][\w&.-]+)*")


def without_match(question: Question) -> Question | None:
    """Return a question that shares no content word with its evidence, None if there is no way.

    What it is about, a vendor's name or an invoice's number, stays as it is.
    """
    evidence = frozenset[str]().union(*(stems(e.span) for e in question.evidence))
    text = question.text
    for phrase, instead in _synonyms():
        if stems(phrase) & _shared(text, evidence):
            text = re.sub(rf"\b{re.escape(phrase)}\b", instead, text, flags=re.IGNORECASE)
    if _shared(text, evidence):
        return None
    return question if text == question.text else replace(question, text=text)


def _shared(text: str, evidence: frozenset[str]) -> frozenset[str]:
    named = " ".join([*identifiers(text), *_PROPER.findall(text)])
    return (stems(text) & evidence) - stems(named)


@lru_cache(maxsize=1)
def _synonyms() -> tuple[tuple[str, str], ...]:
    """Return phrases and what to say instead, the longest first."""
    path = files("services.lab.calibration").joinpath("synonyms.yml")
    pairs: dict[str, str] = yaml.safe_load(path.read_text("utf-8"))
    return tuple(sorted(pairs.items(), key=lambda pair: (-len(pair[0]), pair[0])))
