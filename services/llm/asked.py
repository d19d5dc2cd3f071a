"""What a question asks for: the kinds of value, and its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.llm.values import Kind

_PHRASES: dict[Kind, tuple[str, ...]] = {
    Kind.REASON: (
        r"why",
        r"reasons?",
        r"what (?:is |was |has |are )?(?:been )?(?:caus|h[eo]ld|stop|block|delay|prevent)\w*",
        r"what went wrong",
        r"how come",
        r"explain",
        r"cause of",
        r"what happened",
        r"what(?:'s| is| was) (?:the (?:problem|issue|trouble|matter)|behind|keeping|wrong)",
        r"grounds",
    ),
    Kind.PERSON: (
        r"who",
        r"whom",
        r"whose",
        r"which (?:person|manager|role|colleague|employee|approver|buyer|department)",
        r"name of the (?:person|approver|contact)",
    ),
    Kind.DATE: (
        r"when",
        r"(?:what|which) (?:date|day)",
        r"date",
        r"deadline for",
        r"due (?:date|on)",
        r"fall due",
        r"due for payment",
    ),
    Kind.DURATION: (
        r"how (?:long|soon|quickly|fast|far in advance|early|late)",
        r"how many (?:\w+ )?(?:days|nights|weeks|months|years|hours|minutes)",
        r"(?<!\d )days",
        r"notice period",
        r"payment terms?",
        r"terms of payment",
        r"time (?:limit|frame)",
        r"within (?:what|which)",
        r"period",
        r"deadline",
        r"how much (?:time|notice)",
    ),
    Kind.PERCENT: (
        r"(?<!\d )percent\w*",
        r"(?<!\d )per cent",
        r"(?:tax|vat|discount|interest) rate",
        r"what rate",
        r"discount",
        r"what share",
        r"proportion",
    ),
    Kind.MONEY: (
        r"how much(?! (?:time|notice|annual|leave|later))",
        r"amount",
        r"total",
        r"sum",
        r"price",
        r"costs?",
        r"value",
        r"ow(?:e|es|ed|ing)",
        r"outstanding",
        r"open balance",
        r"spending limit",
        r"allowance",
        r"per diem",
        r"budget",
        r"fee",
        r"worth",
        r"cap",
    ),
    Kind.NUMBER: (r"how many", r"number of", r"quantit\w+", r"count", r"how often"),
}
_CUES = {
    kind: re.compile(rf"\b(?:{'|'.join(phrases)})\b", re.IGNORECASE)
    for kind, phrases in _PHRASES.items()
}
_LIST = re.compile(
    r"\bwhich (?:\w+ )?\w+s (?:are|must|do|have)\b|\blist\b|\ball (?:of )?the\b|"
    r"\bwhat (?:documents|steps|checks|conditions|fields|details|information)\b",
    re.IGNORECASE,
)
_HOW_MUCH_AND = re.compile(r"how much\b.*\band\b", re.IGNORECASE)
_SPLIT = re.compile(
    r"\s*[,;]?\s+and\s+(?=(?:when|who|why|what|how|where|which|on wh|by wh|until|for how)\w*\b)|"
    r"(?<=\?)\s+(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question wants.

    ``kinds`` are the kinds of value that would answer it, most telling first;
    ``parts`` are its sub-questions; ``wants_list`` asks for several things.
    """

    kinds: tuple[Kind, ...]
    parts: tuple[str, ...]
    wants_list: bool


@lru_cache(maxsize=8192)
def what_is_asked(question: str) -> Asked:
    """Return what a question wants, from its wording alone."""
    parts = tuple(part for part in _SPLIT.split(question) if part and part.strip())
    kinds = [kind for kind, cue in _CUES.items() if cue.search(question)]
    if Kind.DURATION in kinds and Kind.NUMBER in kinds:
        kinds.remove(Kind.NUMBER)
    if {Kind.PERCENT, Kind.MONEY} <= set(kinds) and not _HOW_MUCH_AND.search(question):
        kinds.remove(Kind.MONEY)
    if Kind.REASON in kinds:
        several = len(parts) > 1
        kinds = [Kind.REASON, *(kind for kind in kinds if kind is Kind.PERSON and several)]
    return Asked(tuple(kinds), parts or (question,), bool(_LIST.search(question)))
