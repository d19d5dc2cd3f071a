"""What was said earlier in a conversation, and what a follow-up question takes over from it."""

from __future__ import annotations

import re
from collections import OrderedDict, deque
from collections.abc import Mapping, Sequence

from agents.ports import ToolResult, Turn
from corpus.luck import Luck
from corpus.ports import Entity

_VENDOR_WORDS = r"vendors?|suppliers?|company"
_LEANS = re.compile(
    r"\b(?:it|its|they|them|their|those|these|that one|this one|the same|he|she)\b|"
    rf"\b(?:this|that|the|same) (?:invoice|bill|order|purchase order|po|payment|{_VENDOR_WORDS})\b|"
    r"^\s*(?:and|but|so|also|what about|how about|then)\b",
    re.IGNORECASE,
)
_MEANS = {
    "vendor": re.compile(rf"\b(?:they|them|their|we owe|{_VENDOR_WORDS})\b", re.IGNORECASE),
    "invoice": re.compile(r"\b(?:invoice|bill)\b", re.IGNORECASE),
    "purchase_order": re.compile(r"\b(?:purchase order|order|po)\b", re.IGNORECASE),
}


class SessionMemory:
    """Keeps the last turns of the sessions that were used last.

    ``turns`` bounds a session, ``sessions`` how many are kept at all.
    """

    def __init__(self, turns: int = 6, sessions: int = 1000) -> None:
        self._turns = turns
        self._sessions = sessions
        self._kept: OrderedDict[str, deque[Turn]] = OrderedDict()

    def recall(self, session_id: str, luck: Luck) -> Sequence[Turn]:
        return tuple(self._kept.get(session_id, ()))

    def remember(self, session_id: str, turn: Turn) -> None:
        turns = self._kept.setdefault(session_id, deque(maxlen=self._turns))
        self._kept.move_to_end(session_id)
        turns.append(turn)
        while len(self._kept) > self._sessions:
            self._kept.popitem(last=False)

    def forget(self) -> None:
        self._kept.clear()


def carried_over(question: str, found: Sequence[Entity], turns: Sequence[Turn]) -> Sequence[Entity]:
    """Return the entities that a follow-up question means without naming them.

    Only a question that leans on what was said ("And when was it paid?") takes
    something over; the kind that it speaks of decides what, else all that the
    last turn with entities was about.
    """
    if found or not _LEANS.search(question):
        return ()
    last = next((turn.entities for turn in reversed(turns) if turn.entities), ())
    for kind, words in _MEANS.items():
        if words.search(question):
            spoken_of = [entity for entity in last if entity.kind == kind]
            earlier = (
                entity
                for turn in reversed(turns)
                for entity in turn.entities
                if entity.kind == kind
            )
            return spoken_of or [*([one] if (one := next(earlier, None)) else last)]
    # "It" is an invoice or an order rather than the vendor that comes with it.
    return [entity for entity in last if entity.kind != "vendor"] or last


def vendors_met(
    entities: Sequence[Entity], results: Sequence[ToolResult], names: Mapping[str, str]
) -> Sequence[Entity]:
    """Return the vendor of the records that were looked up, so that "they" means somebody.

    There is none when the question named a vendor itself, or when the records
    are of several vendors.
    """
    if any(entity.kind == "vendor" for entity in entities):
        return ()
    met = {
        str(result.content["vendor_id"])
        for result in results
        if isinstance(result.content, Mapping) and result.content.get("vendor_id")
    }
    return [Entity("vendor", one, names.get(one, one)) for one in met] if len(met) == 1 else ()


def standalone(question: str, carried: Sequence[Entity]) -> str:
    """Return the question with what it leans on named, so that it can be read alone."""
    if not carried:
        return question
    named = ", ".join(entity.name for entity in carried)
    stripped = question.rstrip()
    mark = stripped[-1] if stripped.endswith(("?", ".", "!")) else ""
    return f"{stripped.removesuffix(mark)} ({named}){mark}"
