"""What a question is, and what its right answer is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from corpus.questions.reasons import READABLE


class Kind(StrEnum):
    """The kind of value that is asked for; it decides how an answer is compared."""

    MONEY = "money"
    PERCENT = "percent"
    DIFFERENCE = "difference"
    NUMBER = "number"
    DATE = "date"
    DURATION = "duration"
    PERSON = "person"
    ROLE = "role"
    CURRENCY = "currency"
    REASON = "reason"
    TEXT = "text"
    YES_NO = "yesno"


@dataclass(frozen=True, slots=True)
class GoldPart:
    """One value that a right answer must state; any one of the alternatives will do."""

    kind: Kind
    alternatives: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GoldAnswer:
    """All parts that a right answer must state.

    Without parts the truth is that there is nothing to state: no such value
    exists. ``asked`` are then the kinds of value that an answer must not make
    up, ``allowed`` the values that it may mention all the same (the due date
    of an invoice that is not paid yet), and ``claims`` the words that assert
    what is not so ("paid on").
    """

    parts: tuple[GoldPart, ...]
    asked: tuple[Kind, ...] = ()
    allowed: tuple[str, ...] = ()
    claims: tuple[str, ...] = ()

    @property
    def is_none(self) -> bool:
        """Tell whether the true answer is that there is none."""
        return not self.parts

    def text(self) -> str:
        """Return the gold answer for people to read."""
        if self.is_none:
            return "none"
        firsts = (part.alternatives[0] for part in self.parts)
        return "; ".join(READABLE.get(first, first) for first in firsts)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A span that occurs word for word in a document's text and proves the answer."""

    doc_id: str
    span: str


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its gold answer. ``routes`` are the acceptable ways to answer it.

    ``answerable`` is False when the fact is nowhere, in no document and no record.
    ``subject`` is the id of the invoice, the order or else the vendor that it is
    about, "" for one about something else. ``before`` is what is asked first in
    the same conversation where the question does not name its subject itself.
    """

    id: str
    family: str
    wording: str
    text: str
    gold: GoldAnswer
    evidence: tuple[Evidence, ...]
    routes: frozenset[str]
    answerable: bool
    subject: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Case:
    """A fact that can be asked about: what the wordings' placeholders stand for, and the truth.

    ``texts`` are the wordings themselves, by name, where a fact brings its own.
    """

    key: str
    fill: dict[str, str]
    gold: GoldAnswer
    evidence: tuple[Evidence, ...]
    routes: frozenset[str]
    answerable: bool = True
    texts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether an answer is right, whether it abstained, and why it was judged so."""

    correct: bool
    abstained: bool
    reason: str


def one(kind: Kind, *alternatives: str) -> GoldAnswer:
    """Return a gold answer of one part."""
    return GoldAnswer((GoldPart(kind, alternatives),))


def nothing(
    *asked: Kind, allowed: tuple[str, ...] = (), claims: tuple[str, ...] = ()
) -> GoldAnswer:
    """Return the gold answer of a question whose true answer is that there is none."""
    return GoldAnswer((), asked, allowed, claims)
