"""Decides which answers a person has to look at."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from corpus.luck import Luck

_AMOUNT = re.compile(r"(?<![\w.])(?:\d{1,3}(?:[,. ]\d{3})+|\d+)(?:[.,]\d{2})?(?![\w])")


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known about an answer when it is decided whether a person looks at it.

    ``confidence`` is 0 to 1. ``failed_agents`` raised and were done without;
    ``safety_failed`` are the safety checks that found something.
    """

    answer: str
    intent: str
    abstained: bool
    verdict: str
    confidence: float
    figures_differ: bool = False
    failed_agents: Sequence[str] = ()
    safety_failed: Sequence[str] = ()


class EscalationPolicy(Protocol):
    """Decides whether a person has to look at an answer."""

    def reason(self, situation: Situation, luck: Luck) -> str | None:
        """Return why, in a few words, or None."""
        ...


@dataclass(frozen=True, slots=True)
class StandardEscalation:
    """The rules of the house.

    ``amount`` is the figure in the answer from which a payment is looked at,
    in units of whatever currency it is in; ``confidence`` is the least that
    an answer needs to go out alone.
    """

    amount: float = 50_000.0
    confidence: float = 0.35

    def reason(self, situation: Situation, luck: Luck) -> str | None:
        amiss = _what_went_wrong(situation)
        if amiss is not None or situation.abstained:
            return amiss
        if situation.confidence < self.confidence:
            return "low confidence"
        if situation.intent == "payment" and _largest(situation.answer) >= self.amount:
            return "a high amount"
        return None


def _what_went_wrong(situation: Situation) -> str | None:
    failed = situation.failed_agents
    rules = (
        ("instructions_in_documents" in situation.safety_failed, "a document gives instructions"),
        (bool(failed), f"the {failed[0]} agent failed" if failed else ""),
        # A payment that nobody can explain is what people ring up about.
        (
            situation.abstained and situation.intent == "payment",
            "no answer to a payment question",
        ),
        (situation.verdict == "unsupported", "the answer is not supported by its documents"),
        (situation.figures_differ, "a figure in the answer is in no record or document"),
    )
    return next((reason for applies, reason in rules if applies), None)


def _largest(text: str) -> float:
    """Return the largest amount with decimals or thousands in a text, 0 without one."""
    return max((_number(match[0]) for match in _AMOUNT.finditer(text)), default=0.0)


def _number(text: str) -> float:
    plain = text.replace(" ", "")
    decimals = re.search(r"[.,](\d{2})$", plain)
    if decimals is None and not re.search(r"[.,]", plain):
        return 0.0  # a bare number may be a count, a year or an id
    whole = plain[: decimals.start()] if decimals else plain
    return float(re.sub(r"[.,]", "", whole) + ("." + decimals[1] if decimals else ""))
