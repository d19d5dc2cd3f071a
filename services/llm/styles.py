"""How a document writes its numbers and dates, and what they come to."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from services.llm.values import parse_date, parse_number

_FIGURE = re.compile(r"(?<![\w.,])\d[\d.,'’]*\d(?![\w])")
_GROUPED = re.compile(
    r"\d{1,3}(?P<group>[.,'’ \u00a0\u202f])\d{3}(?P=group)?(?:\d{3})?(?P<rest>\D\d+)?$"
)
_ORDERED = re.compile(
    r"\b(?:(?P<day>dd?|day|tt)|(?P<month>mm?|month))\s*[./\- ]\s*(?:dd?|mm?|day|month)\b", re.I
)
_MONTH_FIRST = re.compile(r"\b(?:US|American)[- ](?:style|format|date|notation)|month first", re.I)
_DAY_FIRST = re.compile(
    r"\b(?:UK|British|European)[- ](?:style|format|date|notation)|day first", re.I
)
_NUMERIC_DATE = re.compile(r"(?<![\d./-])(\d{1,2})[./-](\d{1,2})[./-](\d{4}|\d{2})(?![\d./-])")
_YEAR_FIRST = re.compile(r"(?<!\d)(\d{4})[./-](\d{1,2})[./-](\d{1,2})(?!\d)")
_NEGATIVE = re.compile(
    r"\(\s*[^\d()]{0,5}\d[\d.,'’ ]*[^\d()]{0,4}\)|^\D{0,5}[-−–]\s*\D{0,4}\d|"
    r"\d[\s\D]{0,5}[-−–]\s*\D{0,4}$|\bCR\b|\bcredit\b",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Style:
    """The mark before a ``decimal`` fraction, None if unknown, and how dates of figures begin."""

    decimal: str | None
    month_first: bool


@lru_cache(maxsize=1024)
def style_of(text: str) -> Style:
    """Return how a document writes, by what it says of it and by what is unambiguous."""
    return Style(_decimal(text), _month_first(text))


def _decimal(text: str) -> str | None:
    """Return the mark that most unambiguous numbers have before one or two last digits."""
    votes = {".": 0, ",": 0}
    dates = _NUMERIC_DATE.sub(" ", text)
    for match in _FIGURE.finditer(dates):
        figure = match.group()
        last = max(figure.rfind("."), figure.rfind(","))
        if last < 0 or figure.count(figure[last]) > 1:
            continue
        tail = len(figure) - last - 1
        other = "," if figure[last] == "." else "."
        if other in figure or tail == 2:
            votes[figure[last]] += 1
    if votes["."] == votes[","]:
        return None
    return "." if votes["."] > votes[","] else ","


def _month_first(text: str) -> bool:
    told = _ORDERED.search(text)
    if told:
        return told["month"] is not None
    if _MONTH_FIRST.search(text) or _DAY_FIRST.search(text):
        return bool(_MONTH_FIRST.search(text))
    pairs = [(int(a), int(b)) for a, b, _ in _NUMERIC_DATE.findall(text)]
    return any(b > 12 >= a for a, b in pairs) and not any(a > 12 for a, _ in pairs)


def read_number(text: str, style: Style) -> float | None:
    """Return the number in a text; ``(12.50)``, ``12.50-``, ``-12.50``, ``12.50 CR`` are negative.

    What a lone mark before three digits means is decided by the document's style.
    """
    bare = text.strip()
    match = re.search(r"\d[\d.,'’ \u00a0\u202f]*", bare)
    if match is None:
        return _in_words(bare)
    figure = match.group().strip(" .,'’\u00a0\u202f")
    if not _GROUPED.match(figure):
        figure = re.split(r"[ \u00a0\u202f]", figure)[0]
    marks = [mark for mark in ".," if mark in figure]
    tail = len(figure) - max(figure.rfind("."), figure.rfind(",")) - 1
    if len(marks) == 1 and figure.count(marks[0]) == 1 and tail == 3 and style.decimal:
        whole, _, fraction = figure.partition(marks[0])
        clean = re.sub(r"\D", "", whole)
        number = float(f"{clean}.{fraction}" if marks[0] == style.decimal else clean + fraction)
    else:
        parsed = parse_number(figure + bare[match.end() :][:12])
        if parsed is None:
            return None
        number = abs(parsed)
    return -number if _NEGATIVE.search(bare) else number


_WORDS = {
    word: number
    for number, word in enumerate(
        (
            *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
            *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
            *("seventeen", "eighteen", "nineteen", "twenty"),
        )
    )
} | {"thirty": 30, "forty": 40, "forty-five": 45, "fifty": 50, "sixty": 60, "ninety": 90}


def _in_words(text: str) -> float | None:
    for word in text.casefold().split():
        if word in _WORDS:
            return float(_WORDS[word])
    return None


def read_date(text: str, style: Style) -> str:
    """Return a date in ISO form, its order of day and month decided by the document's style."""
    if year_first := _YEAR_FIRST.search(text):
        year, month, day = (int(part) for part in year_first.groups())
        return f"{year:04d}-{month:02d}-{day:02d}"
    if numeric := _NUMERIC_DATE.search(text):
        first, second, year = (int(part) for part in numeric.groups())
        day, month = (second, first) if style.month_first else (first, second)
        if month > 12:
            day, month = month, day
        return f"{year + 2000 if year < 100 else year}-{month:02d}-{day:02d}"
    return parse_date(text)
