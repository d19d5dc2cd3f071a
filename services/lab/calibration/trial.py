"""One prompt of an experiment, and what a model made of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from agents.evidence import documents_block
from agents.ports import Evidence
from agents.prompts.loader import FilePrompts
from corpus.luck import Luck
from corpus.ports import Chunk
from corpus.questions import Question


class Result(StrEnum):
    """How an answer came out."""

    CORRECT = "correct"
    WRONG = "wrong"
    ABSTAINED = "abstained"


@dataclass(frozen=True, slots=True)
class Trial:
    """A question with the passages shown for it.

    ``condition`` names what is tried; ``question_first`` puts the question
    before the passages; ``answerable`` tells whether they hold the answer.
    """

    condition: str
    question: Question
    passages: tuple[Chunk, ...]
    question_first: bool = False
    answerable: bool = True


class PromptWriter:
    """Writes trials as the response agent would have them asked."""

    def __init__(self) -> None:
        self._prompts = FilePrompts()
        self._system = self._prompts.render("response", Luck(0), {})

    def messages(
        self, question: str, passages: Sequence[Chunk], question_first: bool = False
    ) -> list[dict[str, str]]:
        """Return the messages that ask a question about passages."""
        user = self._prompts.render(
            "evidence",
            Luck(0),
            {"documents": documents_block(_evidence(passages)), "question": _HERE},
        )
        if question_first:
            line = next(line for line in user.splitlines() if _HERE in line)
            user = f"{line}\n{user.replace(line, '').strip()}"
        return [
            {"role": "system", "content": self._system},
            {"role": "user", "content": user.replace(_HERE, question)},
        ]

    def body(self, trial: Trial, model: str, seed: int) -> dict[str, Any]:
        """Return the body of a streamed request that puts a trial to a model."""
        return _body(
            self.messages(trial.question.text, trial.passages, trial.question_first), model, seed
        )

    def asking(
        self, question: str, passages: Sequence[Chunk], model: str, seed: int
    ) -> dict[str, Any]:
        """Return the body of a streamed request that asks anything about passages."""
        return _body(self.messages(question, passages), model, seed)


_HERE = "\0"
"""Stands for the question until it is put in, so that nothing in it is taken for the prompt's."""


def _body(messages: list[dict[str, str]], model: str, seed: int) -> dict[str, Any]:
    return {
        "model": model,
        "messages": messages,
        "temperature": 0.0,
        "max_tokens": 256,
        "seed": seed,
        "logprobs": True,
        "stream": True,
        "stream_options": {"include_usage": True},
    }


def _evidence(passages: Sequence[Chunk]) -> list[Evidence]:
    return [Evidence(c.id, c.doc_id, c.title, c.text) for c in passages]
