"""What may be seen of prompts, answers and documents: whether, how much, and with what masked."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_EMAIL = re.compile(r"[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63})+")
# Two letters, two check digits, then 11 to 31 characters, in groups of four or in one piece.
_IBAN = re.compile(
    r"\b[A-Z]{2}\d{2}(?:"
    r"(?:[ ]?[A-Z0-9]{4}){2}[ ]?[A-Z0-9]{3}"
    r"|(?:[ ]?[A-Z0-9]{4}){3,7}(?:[ ]?[A-Z0-9]{1,3})?"
    r")\b"
)
# A VAT identification number of a country that uses them (DE 123 456 789, ATU12345678, …).
_VAT = re.compile(
    r"\b(?:AT[ ]?U?|BE|BG|CHE?|CY|CZ|DE|DK|EE|EL|ES|FI|FR|GB|HR|HU|IE|IT|LT|LU|LV|MT|NL|NO|PL|PT|RO"
    r"|SE|SI|SK|US|XI)[ .-]?(?=(?:[A-Z .]{0,3}\d){7})[0-9A-Z](?:[ .]?[0-9A-Z]){6,13}\b"
)
# A German tax number as it is written on invoices: 12/345/67890.
_TAX_NUMBER = re.compile(r"\b\d{2,3}/\d{3,4}/\d{4,5}\b")

# What all of them have: an at sign, seven digits in a row but for single spaces or dots, or
# a slash with three digits. Only the text around these is looked at closely, which makes the
# whole four times as fast on ordinary prose with dates and amounts.
_TRIGGER = re.compile(
    r"[@0-9](?:(?<=@)|/[0-9]{3}"
    r"|[ .]?[0-9][ .]?[0-9][ .]?[0-9][ .]?[0-9][ .]?[0-9][ .]?[0-9])"
)
_AROUND = 100  # characters on either side; the longest of them has 70

_SLACK = 64  # longer than any of them


def mask(text: str) -> str:
    """Return the text with bank accounts, tax numbers and e-mail addresses replaced."""
    pieces: list[str] = []
    done = start = end = 0
    for found in _TRIGGER.finditer(text):
        if found.start() - _AROUND > end:  # a new window; the last one is complete
            pieces += text[done:start], _mask_all(text[start:end])
            done, start = end, found.start() - _AROUND
        end = found.end() + _AROUND
    if not end:
        return text
    return "".join((*pieces, text[done:start], _mask_all(text[start:end]), text[end:]))


def _mask_all(text: str) -> str:
    if "@" in text:
        text = _EMAIL.sub("[email]", text)
    text = _IBAN.sub("[iban]", text)
    text = _VAT.sub("[tax-number]", text)
    return _TAX_NUMBER.sub("[tax-number]", text)


def cut(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, saying how many were left out."""
    if len(text) <= limit:
        return text
    return f"{text[:limit]}… [{len(text) - limit} more characters]"


_capture: ContextVar[bool | None] = ContextVar("stillgreen_capture_content", default=None)


class ContentPolicy:
    """Decides whether content is captured, and prepares it.

    A setting that is True or False decides alone. Without one, content is seen
    unless a request has said that it is about somebody's own documents or asks
    another model than the simulated ones.
    """

    def __init__(self, setting: bool | None, limit: int) -> None:
        self._setting = setting
        self._limit = limit

    def captures(self) -> bool:
        """Return whether content is captured at this point of this request."""
        if self._setting is not None:
            return self._setting
        return _capture.get() is not False

    def prepare(self, text: str) -> str:
        """Return the text as it may be recorded: masked, then cut."""
        # Some slack is masked too, so that a number across the cut is not left half visible.
        masked = mask(text[: self._limit + _SLACK])
        if len(text) <= self._limit + _SLACK:
            return cut(masked, self._limit)
        return f"{masked[: self._limit]}… [{len(text) - self._limit} more characters]"

    @contextmanager
    def fictional(self, is_fictional: bool) -> Iterator[None]:
        """Say for what runs inside whether its documents and its model are both made up."""
        outer = _capture.get()
        # Inside somebody's own material nothing becomes fictional again.
        token = _capture.set(is_fictional and outer is not False)
        try:
            yield
        finally:
            try:
                _capture.reset(token)
            except ValueError:  # a streamed response may end in another context
                _capture.set(outer)
