"""What a question asks for: the kinds of value, its conditions, and its parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.llm.values import Kind, find_values, parse_number

_CUES: tuple[tuple[Kind, re.Pattern[str]], ...] = tuple(
    (kind, re.compile(pattern, re.IGNORECASE))
    for kind, pattern in (
        (
            Kind.REASON,
            r"\bwhy\b|\breasons?\b|\bwhat (?:is |was )?(?:causing|caused|cause|holding|held|stopp|block|delay|"
            r"prevent|explain|went wrong)\w*|\bhow come\b|\bexplain\b|\bcause of\b|\bwhat happened\b|"
            r"\bwhat is the (?:problem|issue|trouble)\b|\bgrounds\b",
        ),
        (
            Kind.PERSON,
            r"\bwho\b|\bwhom\b|\bwhose\b|\bwhich (?:person|manager|role|colleague|employee|approver|buyer)\b|"
            r"\bname of the (?:person|approver|contact)\b|\bby whom\b",
        ),
        (
            Kind.DATE,
            r"\bwhen\b|\bwhat (?:date|day)\b|\bwhich (?:date|day)\b|\bdate\b|\bby when\b|\bdeadline for\b|"
            r"\bdue (?:date|on)\b|\bon what day\b|\bfall due\b|\bdue for payment\b",
        ),
        (
            Kind.DURATION,
            r"\bhow (?:long|soon|quickly|fast|far in advance)\b|\bhow many (?:\w+ )?(?:days|weeks|months|years|hours|"
            r"minutes)\b|\bnotice period\b|\bpayment terms?\b|\bterms of payment\b|\btime (?:limit|frame)\b|"
            r"\bwithin (?:what|which)\b|\bperiod\b|\bdeadline\b|\bhow much (?:time|notice)\b",
        ),
        (
            Kind.PERCENT,
            r"\bpercent\w*\b|\bper cent\b|%|\b(?:tax|vat|discount|interest) rate\b|\bwhat rate\b|"
            r"\bhow (?:big|large|high|much) (?:is |of )?(?:a |the )?(?:discount|skonto)|\bdiscount\b|"
            r"\bwhat share\b|\bproportion\b",
        ),
        (
            Kind.MONEY,
            r"\bhow much\b(?! (?:time|notice|annual|leave|later))|\bamount\b|\btotal\b|\bsum\b|\bprice\b|\bcosts?\b|\bvalue\b|"
            r"\bowe\w*\b|\boutstanding\b|\bopen balance\b|\bmaximum (?:amount|price|cost|rate)\b|"
            r"\bspending limit\b|\ballowance\b|\bper diem\b|\bbudget\b|\bfee\b|\bworth\b|\bcap\b",
        ),
        (Kind.NUMBER, r"\bhow many\b|\bnumber of\b|\bquantit\w+|\bcount\b|\bhow often\b"),
    )
)
_SPLIT = re.compile(
    r"\s*(?:,|;)?\s+and\s+(?=(?:when|who|why|what|how|where|which|on what|by when|by whom|until|for how)\b)|"
    r"(?<=\?)\s+(?=\w)",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a question wants.

    ``kinds`` are the kinds of value that would answer it, most telling first;
    ``parts`` are its sub-questions; ``amounts`` are figures that a rule in the
    text may have to be compared with; ``wants_list`` asks for several things.
    """

    kinds: tuple[Kind, ...]
    parts: tuple[str, ...]
    amounts: tuple[float, ...]
    wants_list: bool


@lru_cache(maxsize=8192)
def what_is_asked(question: str) -> Asked:
    """Return what a question wants, from its wording alone."""
    parts = tuple(part for part in _SPLIT.split(question) if part and part.strip())
    kinds = [kind for kind, cue in _CUES if cue.search(question)]
    if Kind.DURATION in kinds and Kind.NUMBER in kinds:
        kinds.remove(Kind.NUMBER)
    if (
        Kind.PERCENT in kinds
        and Kind.MONEY in kinds
        and not re.search(r"how much\b.*\band\b", question, re.I)
    ):
        kinds.remove(Kind.MONEY)
    if Kind.REASON in kinds:
        kinds = [Kind.REASON, *(k for k in kinds if k in (Kind.PERSON,) and len(parts) > 1)]
    amounts = tuple(
        number
        for value in find_values(question)
        if value.kind in (Kind.MONEY, Kind.NUMBER, Kind.DURATION, Kind.PERCENT)
        and (number := parse_number(value.text)) is not None
    )
    wants_list = bool(
        re.search(
            r"\bwhich (?:\w+ )?(?:documents|steps|items|\w+s) (?:are|must|do|have)\b|\blist\b|"
            r"\bwhat (?:documents|steps|checks|conditions|fields|details|information)\b|\ball (?:of )?the\b",
            question,
            re.I,
        )
    )
    return Asked(tuple(kinds), parts or (question,), amounts, wants_list)
