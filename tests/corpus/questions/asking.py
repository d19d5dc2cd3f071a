"""Questions with gold answers, and whether an answer to one is right."""

from __future__ import annotations

from corpus.questions import Evidence, GoldAnswer, Kind, Question, judge
from corpus.questions.question import one

MONEY = one(Kind.MONEY, "1,234.50 EUR")


def asked(
    gold: GoldAnswer, text: str = "What is it?", answerable: bool = True, *spans: str
) -> Question:
    """Return a question with this gold answer, and with evidence of these words."""
    evidence = tuple(Evidence("D", span) for span in spans)
    return Question("q", "f", "w1", text, gold, evidence, frozenset({"ledger"}), answerable)


def right(gold: GoldAnswer, answer: str, *spans: str, text: str = "What is it?") -> bool:
    """Tell whether an answer to a question with this gold answer is judged right."""
    return judge(asked(gold, text, True, *spans), answer, False).correct
