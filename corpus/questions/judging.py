"""Judges an answer against the gold answer, by the kind of value that was asked for.

An answer is right when it states every part of the gold answer and does not
bury it: beyond the gold values, and those that the question or the evidence
themselves hold, it may state only a few others of the same kind, and it may
not offer a choice. ``docs/judging.md`` explains the rules with examples.
"""

from __future__ import annotations

import re
from collections.abc import Set as AbstractSet
from decimal import Decimal

from corpus.ledger.vocabulary import (
    BUYERS,
    CLERKS,
    CONTACTS,
    COST_CENTRE_OWNERS,
    DEPARTMENT_HEADS,
    OFFICERS,
    RECEIVERS,
    REQUESTERS,
    ROLE_TITLES,
)
from corpus.questions.question import GoldPart, Kind, Question, Verdict
from corpus.questions.values import (
    FINDERS,
    Amount,
    amounts,
    dates,
    durations,
    numbers,
    percents,
    without_dates,
    without_ids,
)

OTHERS_ALLOWED = {
    # A total may come with its net and tax, a due date with the invoice date, and no more.
    Kind.MONEY: 2,
    Kind.DATE: 1,
    Kind.REASON: 1,
    Kind.ROLE: 0,
    Kind.CURRENCY: 0,
    Kind.YES_NO: 0,
}
OTHERS_ALLOWED_ELSE = 3
LONGEST_ANSWER = 800
"""Characters after which an answer to a one-fact question is a dump."""

PEOPLE = frozenset(
    (
        *CONTACTS,
        *COST_CENTRE_OWNERS.values(),
        *DEPARTMENT_HEADS.values(),
        *OFFICERS.values(),
        *REQUESTERS,
        *CLERKS,
        *RECEIVERS,
        *BUYERS,
    )
)
ROLES = frozenset((*ROLE_TITLES.values(), "Team lead of Accounts Payable", "Head of Treasury"))

_ABSTAINS = re.compile(
    r"\b(?:could not|couldn't|cannot|can't|unable to|was not able to)"
    r" (?:find|answer|determine|say|tell|locate|confirm)\b"
    r"|\bI (?:do not|don't) (?:know|have)\b|\b(?:documents|records) (?:do|does|did) not "
    r"(?:contain|say|state|mention|show|hold|tell)",
    re.I,
)
_NONE = re.compile(
    r"\bno\b|\bnone\b|\bnot\b|n't\b|\bnever\b|\bnothing\b|\bnobody\b|\bno one\b|\bwithout\b"
    r"|\bpending\b|\bunpaid\b|\bunapproved\b|\bunknown\b|\bopen\b|\boutstanding\b|\bawait",
    re.I,
)
_AGREES = re.compile(r"\bmatch(?:es|ed)\b|\bno (?:mismatch|discrepanc)|\bpassed\b|\bagree", re.I)
_CHOICE = re.compile(
    r"\beither\b|\bor (?:maybe|perhaps|possibly|alternatively)\b|\balternatively\b|\bbetween\b",
    re.I,
)
_UP = re.compile(r"\babove\b|\bhigher\b|\bdearer\b|\bmore\b|\bover\b|\bexceed", re.I)
_DOWN = re.compile(r"\bbelow\b|\blower\b|\bcheaper\b|\bless\b|\bunder\b", re.I)


def judge(question: Question, answer_text: str, abstained: bool) -> Verdict:
    """Return whether the answer is right.

    ``abstained`` is what the application reports; an answer that says that it
    could not find anything counts as an abstention, too.
    """
    text = " ".join(answer_text.split())
    first_sentence = re.split(r"(?<=[.!?;:])\s", text, maxsplit=1)[0]
    silent = abstained or not text or bool(_ABSTAINS.search(first_sentence))
    if question.gold.is_none or not question.answerable:
        if silent and not _made_up(question, text):
            return Verdict(True, True, "abstained, and there is nothing to state")
        return _judge_none(question, text, silent)
    if silent:
        return Verdict(False, True, "abstained though the answer is known")
    wrong = _wrong(question, text)
    return Verdict(wrong is None, False, wrong or "states the gold answer")


def _wrong(question: Question, text: str) -> str | None:
    """Return what is wrong with an answer to a question that has one, or None."""
    if len(text) > LONGEST_ANSWER:
        return "too long to be an answer to one question"
    for part in question.gold.parts:
        if not _states(part, text):
            return f"does not state the {part.kind} {part.alternatives[0]}"
    spans = [evidence.span for evidence in question.evidence]
    for kind in dict.fromkeys(part.kind for part in question.gold.parts):
        parts = [part for part in question.gold.parts if part.kind is kind]
        # A question may name a currency or a role only to ask whether it is the one.
        closed = kind in (Kind.CURRENCY, Kind.YES_NO)
        others = _others(kind, parts, text, " ".join(spans if closed else [question.text, *spans]))
        if len(others) > OTHERS_ALLOWED.get(kind, OTHERS_ALLOWED_ELSE):
            return f"states {len(others)} other values of kind {kind}"
        if others and _offers_choice(kind, parts, text, others):
            return f"offers a choice of values of kind {kind}"
    return None


def _judge_none(question: Question, text: str, silent: bool) -> Verdict:
    made_up = _made_up(question, text)
    if made_up:
        return Verdict(False, silent, f"makes up {', '.join(sorted(made_up))}")
    says_none = _NONE.search(text) or (Kind.REASON in question.gold.asked and _AGREES.search(text))
    if says_none:
        return Verdict(True, silent, "says that there is none")
    return Verdict(False, silent, "does not say that there is none")


def _made_up(question: Question, text: str) -> set[str]:
    known = " ".join(
        [
            question.text,
            *question.gold.allowed,
            *(evidence.span for evidence in question.evidence),
        ]
    )
    found: set[str] = set()
    for kind in question.gold.asked:
        if kind is Kind.REASON:
            # Reasons are named in denying them, too; a figure is not.
            found |= _values(Kind.MONEY, text, marked=True) - _values(Kind.MONEY, known)
        else:
            found |= _values(kind, text, marked=True) - _values(kind, known)
    for clause in re.split(r"[.;,:|]\s|\bbut\b|\band\b", text):
        if not _NONE.search(clause):
            found |= {f"that it was {c}" for c in question.gold.claims if _says(c, clause)}
    return found


def _values(kind: Kind, text: str, marked: bool = False) -> set[str]:
    """Return the values of a kind as comparable text; ``marked`` leaves bare numbers out."""
    match kind:
        case Kind.MONEY:
            found = {_plain(a.value) for a in amounts(text) if a.currency or not marked}
        case Kind.PERCENT | Kind.DIFFERENCE:
            usable = not marked or _has_percent(text)
            found = {_plain(value) for value in percents(text) if usable}
        case Kind.NUMBER:
            found = {_plain(value) for value in numbers(text)}
        case Kind.PERSON:
            found = {name for name in PEOPLE if _names(name, text)}
        case Kind.ROLE:
            found = {role.lower() for role in ROLES if _says(role, text)}
        case Kind.DURATION:
            found = {value for value in durations(text) if " " in value or not marked}
        case Kind.TEXT:
            found = set()
        case _:
            found = FINDERS[kind](text)
    return found


def _plain(value: Decimal) -> str:
    return f"{value.normalize():f}"


def _has_percent(text: str) -> bool:
    return bool(re.search(r"%|per ?cent", text, re.I))


def _states(part: GoldPart, text: str) -> bool:
    return any(_states_one(part.kind, wanted, text) for wanted in part.alternatives)


def _states_one(kind: Kind, wanted: str, text: str) -> bool:
    match kind:
        case Kind.MONEY:
            found = any(_same_amount(g, f) for g in amounts(wanted) for f in amounts(text))
        case Kind.PERCENT if _digits(wanted):
            found = bool(percents(wanted) & percents(text))
        case Kind.DIFFERENCE:
            found = _states_difference(Decimal(wanted), text)
        case Kind.NUMBER:
            found = bool(numbers(wanted) & numbers(text))
        case Kind.DATE:
            found = any(_same_date(g, f) for g in dates(wanted) for f in dates(text))
        case Kind.DURATION:
            found = any(_same_duration(g, f) for g in durations(wanted) for f in durations(text))
        case Kind.PERSON:
            found = _names(wanted, text)
        case Kind.CURRENCY | Kind.REASON | Kind.YES_NO:
            found = wanted in FINDERS[kind](text)
        case _:
            found = _says(wanted, text)
    return found


def _digits(text: str) -> bool:
    return any(c.isdigit() for c in text)


def _same_amount(gold: Amount, found: Amount) -> bool:
    same_currency = not gold.currency or not found.currency or gold.currency == found.currency
    return gold.value == found.value and same_currency


def _same_date(gold: str, found: str) -> bool:
    if "0000" in (gold[:4], found[:4]):
        return gold[5:] == found[5:]
    return gold == found


def _same_duration(gold: str, found: str) -> bool:
    number, _, unit = gold.partition(" ")
    other, _, other_unit = found.partition(" ")
    # "5 days" for 5 working days is less exact and passes, the reverse is another fact.
    fits = other_unit in ("", unit) or (unit == "working day" and other_unit == "day")
    return number == other and fits


def _states_difference(wanted: Decimal, text: str) -> bool:
    if not _has_percent(text):
        return False
    near = any(abs(abs(wanted) - found) <= Decimal("0.1") for found in percents(text))
    plain = without_dates(without_ids(text))
    negative = bool(re.search(r"(?<!\w)[-−]\s?\d[\d.,]*\s*(?:%|per)", plain))
    up, down = bool(_UP.search(plain)), bool(_DOWN.search(plain))
    if up == down:
        return near and negative == (wanted < 0)
    return near and (down if wanted < 0 else up)


def _names(person: str, text: str) -> bool:
    """Tell whether a person is named, in full or by a surname that only this person has."""
    if _says(person, text):
        return True
    surname = person.rsplit(maxsplit=1)[-1]
    unique = sum(1 for other in PEOPLE if other.split()[-1] == surname) <= 1
    return unique and bool(re.search(rf"\b{re.escape(surname)}\b(?!@|\w)", text))


def _says(words: str, text: str) -> bool:
    """Tell whether words occur, in any case, and are not denied right before."""
    pattern = r"[\s-]+".join(re.escape(word) for word in re.split(r"[\s-]+", words.strip()))
    for match in re.finditer(rf"(?<!\w){pattern}(?!\w)", text, re.I):
        before = text[: match.start()].lower().split()[-2:]
        if "not" not in before:
            return True
    return False


def _others(kind: Kind, parts: list[GoldPart], text: str, known: str) -> set[str]:
    """Return the values of a kind that are neither gold nor known from question or evidence."""
    gold: AbstractSet[str] = frozenset(
        value for part in parts for wanted in part.alternatives for value in _gold(kind, wanted)
    )
    return _values(kind, text) - gold - _values(kind, known)


def _gold(kind: Kind, wanted: str) -> set[str]:
    if kind in (Kind.CURRENCY, Kind.REASON, Kind.YES_NO):
        return {wanted}
    if kind is Kind.DIFFERENCE:
        value = abs(Decimal(wanted))
        return {f"{(value + Decimal(step) / 100).normalize():f}" for step in range(-10, 11)}
    return _values(kind, wanted)


def _offers_choice(kind: Kind, parts: list[GoldPart], text: str, others: set[str]) -> bool:
    """Tell whether the answer leaves it open which of several values is the right one."""
    if _CHOICE.search(text):
        return True
    for clause in re.split(r"(?<=[.;])\s", text):
        left, split, right = clause.partition(" or ")
        if not split:
            continue
        gold_left, gold_right = (any(_states(p, side) for p in parts) for side in (left, right))
        other_left, other_right = (bool(_values(kind, side) & others) for side in (left, right))
        if (gold_left and other_right) or (gold_right and other_left):
            return True
    return False
