"""Values that a reader recognises in a text: dates, money, percentages, durations and so on."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache


class Kind(StrEnum):
    """What sort of thing a value is, or a question asks for."""

    DATE = "date"
    MONEY = "money"
    PERCENT = "percent"
    DURATION = "duration"
    NUMBER = "number"
    PERSON = "person"
    IDENTIFIER = "identifier"
    REASON = "reason"


@dataclass(frozen=True, slots=True)
class Value:
    """A value with its kind and its place in the text."""

    kind: Kind
    text: str
    start: int
    end: int


_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|"
    r"sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_NUMBER = r"\d{1,3}(?:[.,'’ \u202f]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?"
_CURRENCY = (
    r"EUR|USD|GBP|CHF|SEK|NOK|DKK|PLN|CZK|JPY|CAD|AUD|INR|euros?|dollars?|pounds?|francs?|[€$£¥]"
)
_COUNT_WORD = (
    r"one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|fourteen|fifteen|twenty|"
    r"thirty|forty-five|sixty|ninety|a|an"
)
_UNIT = (
    r"(?:(?:working|business|calendar|banking)[ -])?(?:minutes?|hours?|days?|nights?|weeks?|"
    r"months?|quarters?|years?)"
)
_PATTERNS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        Kind.DATE,
        re.compile(
            rf"\b(?:\d{{4}}-\d{{2}}-\d{{2}}|\d{{1,2}}[./]\d{{1,2}}[./]\d{{2,4}}|"
            rf"\d{{1,2}}(?:st|nd|rd|th)?\.?\s+(?:of\s+)?{_MONTH}(?:,?\s+\d{{4}})?|"
            rf"\d{{1,2}}(?:st|nd|rd|th)(?:\s+(?:day\s+)?of\s+(?:each|every|the)\s+\w+)?|"
            rf"every\s+(?:second\s+)?(?:mon|tues|wednes|thurs|fri|satur|sun)day|"
            rf"{_MONTH}\s+\d{{1,2}}(?:st|nd|rd|th)?(?:,?\s+\d{{4}})?|{_MONTH}\s+\d{{4}})(?!\w)",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.IDENTIFIER,
        re.compile(
            r"\b[A-Z]{1,5}(?:-[A-Z]{2,})*-?\d{2,}(?:[-/]\d+)*\b|\b[A-Z]{2,}(?:-[A-Z]{2,})+\b"
        ),
    ),
    (
        Kind.MONEY,
        re.compile(
            rf"[-−]?(?:\b(?:{_CURRENCY})|[€$£¥])\s?[-−]?(?:{_NUMBER})|[-−]?(?<![\w.,])(?:{_NUMBER})\s?"
            rf"(?:k\s|thousand\s|million\s)?(?:(?:{_CURRENCY})\b|[€$£¥])",
            re.IGNORECASE,
        ),
    ),
    (
        Kind.PERCENT,
        re.compile(
            rf"(?<![\w.,])(?:{_NUMBER})\s?(?:%|per\s?cent\b|percentage points?\b)", re.IGNORECASE
        ),
    ),
    (
        Kind.DURATION,
        re.compile(rf"\b(?:\d+(?:[.,]\d+)?|{_COUNT_WORD})[ -]{_UNIT}\b", re.IGNORECASE),
    ),
    (Kind.NUMBER, re.compile(rf"(?<![\w.,-])(?:{_NUMBER})(?![\w%])")),
)
_CAPITALISED = r"[A-ZÀ-ÖØ-Þ][a-zà-öø-ÿ'’]+"
_NAME = re.compile(
    rf"\b(?:(?:Dr|Ms|Mr|Mrs|Prof)\.?\s)?{_CAPITALISED}"
    rf"(?:[ -](?:van|von|de|der|den|la|le|bin|al|[A-ZÀ-ÖØ-Þ]\.|{_CAPITALISED}))*"
    rf"[ -]{_CAPITALISED}\b"
)
_ROLE = re.compile(
    r"\b(?:head of \w+|chief \w+ officer|CFO|CEO|COO|CIO|CTO|managing director|controller|"
    r"(?:\w+ )?(?:manager|owner|director|officer|clerk|accountant|buyer|specialist|lead|supervisor|"
    r"treasurer|board|deputy|desk|team|committee|department))\b",
    re.IGNORECASE,
)
_REASON = re.compile(
    r"\b(?:because|due to|since|owing to|reason|caused?|pending|until|missing|mismatch\w*|"
    r"discrepanc\w+|differ\w*|variance|disput\w+|hold|held|block\w*|awaiting|waiting|not yet|"
    r"without|exceed\w*|cannot|could not|unresolved|so that|as the|in order to|failed)\b",
    re.IGNORECASE,
)


@lru_cache(maxsize=16384)
def find_values(text: str) -> tuple[Value, ...]:
    """Return the values of a text in reading order; earlier kinds win where two overlap."""
    taken: list[tuple[int, int]] = []
    found: list[Value] = []
    for kind, pattern in _PATTERNS:
        for match in pattern.finditer(text):
            if not any(match.start() < end and start < match.end() for start, end in taken):
                taken.append(match.span())
                found.append(Value(kind, match.group().strip(), *match.span()))
    for pattern in (_NAME, _ROLE):
        found.extend(Value(Kind.PERSON, m.group(), *m.span()) for m in pattern.finditer(text))
    if reason := _REASON.search(text):
        found.append(Value(Kind.REASON, reason.group(), *reason.span()))
    return tuple(sorted(found, key=lambda value: value.start))


def parse_number(text: str) -> float | None:
    """Return the number in a text such as ``1.234,56``, ``1,234.56 EUR`` or ``60k``.

    The last separator is decimal if one or two digits follow it, or if it
    differs from an earlier one; a lone separator before three digits groups
    thousands.
    """
    match = re.search(_NUMBER, text)
    if match is None:
        return None
    raw = re.sub(r"['’ \u202f]", "", match.group())
    last = max(raw.rfind("."), raw.rfind(","))
    if last >= 0:
        mark, tail = raw[last], raw[last + 1 :]
        other = "," if mark == "." else "."
        decimal = len(tail) != 3 or (other in raw and raw.count(mark) == 1)
        whole = re.sub(r"[.,]", "", raw[:last])
        raw = f"{whole}.{tail}" if decimal else whole + tail
    number = float(raw)
    rest = text[match.end() :].lstrip().lower()
    if rest.startswith(("k ", "thousand")) or rest == "k":
        number *= 1_000
    elif rest.startswith("million"):
        number *= 1_000_000
    return -number if text.lstrip()[:1] in "-−" else number


MONTHS = (
    *("january", "february", "march", "april", "may", "june", "july", "august"),
    *("september", "october", "november", "december"),
)
_MONTH_NUMBERS = {name[:3]: number for number, name in enumerate(MONTHS, start=1)}


def parse_date(text: str) -> str:
    """Return a date in ISO form, as far as it is told; texts that name no day come back as is.

    Of two figures before a year the first is the day, unless it cannot be.
    """
    plain = text.casefold()
    if iso := re.search(r"\d{4}-\d{2}-\d{2}", plain):
        return iso.group()
    if numeric := re.search(r"(\d{1,2})[./](\d{1,2})[./](\d{2,4})", plain):
        day, month, year = (int(part) for part in numeric.groups())
        if month > 12:
            day, month = month, day
        return f"{year + 2000 if year < 100 else year}-{month:02d}-{day:02d}"
    month_name = re.search(r"[a-z]{3,}", re.sub(r"\d(?:st|nd|rd|th)", "", plain))
    number = _MONTH_NUMBERS.get(month_name.group()[:3]) if month_name else None
    year_told = re.search(r"\b\d{4}\b", plain)
    day_told = re.search(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", plain)
    if number is None or day_told is None:
        return plain
    return f"{year_told.group() if year_told else ''}-{number:02d}-{int(day_told[1]):02d}"
