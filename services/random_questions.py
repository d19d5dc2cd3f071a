"""Questions that somebody might ask of the company, drawn from the question set."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import cached_property

from corpus.luck import Luck
from corpus.questions import build_questions
from services.foundation import Foundation
from services.gateway.app import RandomQuestion


class RandomQuestions:
    """Draws from the question set, which is built at the first draw."""

    def __init__(self, foundation: Foundation) -> None:
        self._foundation = foundation

    def __call__(self, luck: Luck) -> RandomQuestion:
        """Return a question, all alike."""
        return self._all[int(luck.uniform("random question") * len(self._all))]

    @cached_property
    def families(self) -> Mapping[str, Sequence[RandomQuestion]]:
        """Return all questions by family."""
        found: dict[str, list[RandomQuestion]] = defaultdict(list)
        for question in self._all:
            found[question.family].append(question)
        return found

    @cached_property
    def _all(self) -> Sequence[RandomQuestion]:
        found = build_questions(self._foundation.world.world())
        return [RandomQuestion(question.text, question.family) for question in found]
