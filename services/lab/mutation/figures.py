"""Changes every figure of a text, the same way wherever it stands, so that rules still hold.

Money is multiplied by four. Durations, counts, scores, codes and distances are
doubled, so that weeks still fit days and limits still fit sums. Percentages are
moved along a line that rises from 0 to 100. A date's distance from the day on
which the company stands still is doubled; a date without a year is three days
later, a time of day forty minutes. What only numbers the parts of a text, such
as a heading or a list, stays.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from decimal import Decimal

from corpus.ledger import TODAY

MONEY_FACTOR = 4
PLAIN_FACTOR = 2

_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_WORDS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen", "twenty",
)  # fmt: skip
_TENS = {30: "thirty", 40: "forty", 50: "fifty", 60: "sixty", 80: "eighty", 90: "ninety"}
_ORDINALS = (
    "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth", "eleventh",
)  # fmt: skip
_VALUES = {word: number for number, word in enumerate(_WORDS)} | {
    word: number for number, word in _TENS.items()
}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_MONTH = "|".join(_MONTHS)
_UNIT = r"(?:working\ |calendar\ )?(?:day|week|month|year|hour|night)"
_COUNT = "|".join(word for word in _VALUES if word not in ("zero", "one", "two"))
_CURRENCY = r"EUR\b|euros?\b|€|cents?\b"
_PERCENT = r"%|per\ ?cent\b|percentage\ points?\b"
# Some numbers count what the text lists itself, and "one" and "two" are often no number at all.
_LISTED = r"(?:-way|\ (?:principles|sources|outcomes|classes|checks)\b)"

_FIGURE = re.compile(
    rf"""
    (?P<kept>^\#+\ \d+(?:\.\d+)*\.?|^\d+\.\ |\bsections?\ \d+(?:\.\d+)*(?:\ and\ \d+)?)
    |(?P<iso>\b\d{{4}}-\d{{2}}-\d{{2}}\b)
    |(?P<day>\b\d{{1,2}}\ (?:{_MONTH})(?:\ \d{{4}})?\b)
    |(?P<month>\b(?:{_MONTH})\ \d{{4}}\b)
    |(?P<time>\b\d{{1,2}}:\d{{2}}\b)
    |(?P<money>(?:{_NUMBER})(?=(?:\ million)?\ ?(?:{_CURRENCY})
        |\ (?:to|and|or)\ (?:{_NUMBER})\ (?:{_CURRENCY}))|(?<=EUR\ )(?:{_NUMBER}))
    |(?P<percent>(?:{_NUMBER}|\b(?:{_COUNT}))(?=\ ?(?:{_PERCENT})
        |\ (?:to|and|or)\ (?:{_NUMBER})\ ?(?:{_PERCENT})))
    |(?P<nth>\b\d+(?:st|nd|rd|th)\b)
    |(?P<dotted>\b\d+(?:\.\d+){{2,}})
    |(?P<year>(?<![\d.,])(?:19|20)\d\d(?![\d.,]?\d))
    |(?P<single>\b(?:1|one)\ {_UNIT}\b(?!s))
    |(?P<few>\btwo(?=\ {_UNIT}s?\b|\ (?:written\ )?(?:offers|references)\b))
    |(?P<ordinal>(?<!-)\b(?:{"|".join(_ORDINALS[:-1])})\b(?!\ (?:countr|part|quarter)))
    |(?P<word>\b(?:{_COUNT})\b(?!{_LISTED}))
    |(?P<number>{_NUMBER})
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE,
)


def other_figures(text: str) -> str:
    """Return a text with every figure changed."""
    return _FIGURE.sub(_changed, text)


def other_value(value: str, context: str) -> str:
    """Return what becomes of a bare figure, ``27`` or ``two``, that stands in a context as well.

    What the figure is of shows in the context alone. Without it there the
    value is changed as a text is.
    """
    wanted = _bare(value) if not value.endswith(("st", "nd", "rd", "th")) else None
    for match in _FIGURE.finditer(context):
        if wanted is not None and _bare(match[0]) == wanted:
            changed = _changed(match)
            return changed if _bare(changed) is None else str(_bare(changed))
    return other_figures(value)


def other_day(day: dt.date) -> dt.date:
    """Return a day twice as far from the day on which the company stands still."""
    return TODAY + 2 * (day - TODAY)


def other_percent(value: Decimal) -> Decimal:
    """Return another percentage; the order is kept, and 0 and 100 stay what they are."""
    if value <= 50 or value > 100:
        return _neat(value * Decimal("1.2"))
    return _neat(60 + (value - 50) * Decimal("0.8"))


def _changed(match: re.Match[str]) -> str:
    kind = match.lastgroup or "kept"
    return _CHANGES[kind](match[0])


def _iso(text: str) -> str:
    return other_day(dt.date.fromisoformat(text)).isoformat()


def _day(text: str) -> str:
    number, month, *year = text.split()
    place = _place(month)
    if year:
        day = other_day(dt.date(int(year[0]), place, int(number)))
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    # Any year will do that has no 29th of February.
    day = dt.date(2025, place, int(number)) + dt.timedelta(days=3)
    return f"{day.day} {_MONTHS[day.month - 1]}"


def _month(text: str) -> str:
    month, year = text.split()
    day = other_day(dt.date(int(year), _place(month), 15))
    return f"{_MONTHS[day.month - 1]} {day.year}"


def _place(month: str) -> int:
    return 1 + [name.lower() for name in _MONTHS].index(month.lower())


def _time(text: str) -> str:
    hours, minutes = map(int, text.split(":"))
    total = (hours * 60 + minutes + 40) % (24 * 60)
    return f"{total // 60}:{total % 60:02d}"


def _year(text: str) -> str:
    return str(2 * int(text) - TODAY.year - 1)


def _nth(text: str) -> str:
    number = int(re.sub(r"\D", "", text)) + 1
    endings = {1: "st", 2: "nd", 3: "rd"}
    return f"{number}{'th' if 10 < number % 100 < 14 else endings.get(number % 10, 'th')}"


def _ordinal(text: str) -> str:
    return _cased(_ORDINALS[_ORDINALS.index(text.lower()) + 1], text)


def _single(text: str) -> str:
    number, unit = text.split(" ", 1)
    return f"{'2' if number == '1' else _cased('two', number)} {unit}s"


def _dotted(text: str) -> str:
    return ".".join(str(PLAIN_FACTOR * int(part)) for part in text.split("."))


def _word(text: str) -> str:
    number = PLAIN_FACTOR * _VALUES[text.lower()]
    if number < len(_WORDS):
        return _cased(_WORDS[number], text)
    return _cased(_TENS.get(number, str(number)), text)


def _share(text: str) -> str:
    known = _VALUES.get(text.lower())
    value = Decimal(text.replace(",", "")) if known is None else Decimal(known)
    return f"{other_percent(value):f}"


def _times(factor: int) -> Callable[[str], str]:
    def change(text: str) -> str:
        value = Decimal(text.replace(",", "")) * factor
        if len(text) > 1 and text.startswith("0") and "." not in text:
            return f"{value:0{len(text)}f}"
        return f"{value:,f}" if "," in text or factor == MONEY_FACTOR else f"{value:f}"

    return change


def _bare(text: str) -> int | None:
    """Return the whole number that a text consists of, with an ending at most."""
    if text.lower() in _VALUES:
        return _VALUES[text.lower()]
    match = re.fullmatch(r"(\d+)(?:st|nd|rd|th)?", text)
    return int(match[1]) if match else None


def _neat(value: Decimal) -> Decimal:
    return value.normalize() if value % 1 else value.quantize(Decimal(1))


def _cased(word: str, like: str) -> str:
    return word.capitalize() if like[:1].isupper() else word


_CHANGES: dict[str, Callable[[str], str]] = {
    "kept": str,
    "iso": _iso,
    "day": _day,
    "month": _month,
    "time": _time,
    "money": _times(MONEY_FACTOR),
    "percent": _share,
    "nth": _nth,
    "dotted": _dotted,
    "year": _year,
    "single": _single,
    "few": _word,
    "ordinal": _ordinal,
    "word": _word,
    "number": _times(PLAIN_FACTOR),
}
