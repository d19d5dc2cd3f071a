"""Chooses the evidence that fits a budget of tokens."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from agents.ports import BuiltContext, Evidence
from corpus.luck import Luck


@dataclass(frozen=True, slots=True)
class BudgetedContext:
    """Keeps evidence in its rank order until the budget is spent.

    What does not fit is left out whole, never cut, and what comes after it may
    still fit. The first passage is always kept, so that a model sees something.
    """

    count_tokens: Callable[[str], int]
    budget: int = 2000

    def build(self, question: str, evidence: Sequence[Evidence], luck: Luck) -> BuiltContext:
        kept: list[Evidence] = []
        spent = 0
        for piece in evidence:
            tokens = self.count_tokens(piece.text)
            if kept and spent + tokens > self.budget:
                continue
            kept.append(piece)
            spent += tokens
        return BuiltContext(
            kept=kept,
            offered=len(evidence),
            tokens=spent,
            budget=self.budget,
            truncated=len(kept) < len(evidence),
        )
