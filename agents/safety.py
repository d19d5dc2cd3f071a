"""Checks on a question before it is worked on, and on an answer before it is given."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from agents.errors import QuestionError
from agents.language import foreign_language
from agents.ports import Evidence
from observability.telemetry import mask

NOT_ENGLISH = (
    "I could not find an answer, because I read English only and this looks like {language}. "
    "Please ask again in English."
)
OUT_OF_SCOPE = (
    "I could not find an answer, because this has nothing to do with the company's invoices, "
    "payments, purchasing or policies, which is what I know about."
)
_ORDERS = re.compile(
    r"\b(?:ignore|disregard|forget|override) (?:\w+ ){0,4}"
    r"(?:instructions?|prompts?|rules|directions)\b|"
    r"(?:\byou are now|(?:^|[.!?:]\s+|\byou (?:must|should|will) )(?:act as|pretend to be)) "
    r"(?:an?|the) \w+|"
    r"\b(?:system prompt|developer message)\b|"
    r"\b(?:assistant|ai|model|agent)s?[,:]? (?:must|should|shall) (?:now )?(?:approve|pay|transfer|"
    r"reply|answer|say|state|output|reveal)\b|"
    r"</?(?:system|instructions?)>",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class SafetyReport:
    """What the checks found: the answer as it may be given, and what was done to it.

    ``action`` is ``allow``, ``redact`` or ``block``.
    """

    answer: str
    checks: Sequence[str]
    failed: Sequence[str]
    action: str


def check_text(question: str, limit: int = 20_000) -> None:
    """Raise ``QuestionError`` for a question that is no text: empty, binary or far too long."""
    if not question.strip():
        raise QuestionError("the question is empty")
    if len(question) > limit:
        raise QuestionError(
            f"the question has {len(question)} characters; {limit} are read at most"
        )
    odd = sum(
        c == "\ufffd" or (unicodedata.category(c) in ("Cc", "Cs", "Co", "Cn") and c not in "\n\r\t")
        for c in question
    )
    if odd > 0.05 * len(question) or not any(c.isalnum() for c in question):
        raise QuestionError("the question is not text")


def refusal(question: str) -> SafetyReport | None:
    """Return why a question is not worked on, as a polite answer; None when it is."""
    language = foreign_language(question)
    if language is None:
        return None
    return SafetyReport(
        NOT_ENGLISH.format(language=language), ("language",), ("language",), "block"
    )


def check_answer(answer: str, shown: Sequence[Evidence]) -> SafetyReport:
    """Return the answer with personal and bank data masked, and what else was found."""
    failed: list[str] = []
    masked = mask(answer)
    if masked != answer:
        failed.append("personal_data")
    if any(gives_orders(piece.text) for piece in shown):
        failed.append("instructions_in_documents")
    return SafetyReport(
        answer=masked,
        checks=("language", "personal_data", "instructions_in_documents", "scope"),
        failed=failed,
        action="redact" if masked != answer else "allow",
    )


@lru_cache(maxsize=1024)
def gives_orders(text: str) -> bool:
    """Return whether a document speaks to its reader as if it were to be obeyed."""
    return bool(_ORDERS.search(text))
