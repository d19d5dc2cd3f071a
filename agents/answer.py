"""What a caller asks, what it is told on the way, and what it gets."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from corpus.luck import Luck


@dataclass(frozen=True, slots=True)
class AskRequest:
    """One question. ``luck`` decides everything that is left to chance in answering it."""

    question: str
    request_id: str
    luck: Luck
    session_id: str | None = None
    user_id: str | None = None
    collection: str = "finance"


@dataclass(frozen=True, slots=True)
class Progress:
    """News for a caller that listens: a ``step`` of an agent, or a ``delta`` of answer text."""

    kind: str
    agent: str
    text: str


Listener = Callable[[Progress], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Citation:
    """A document that the answer rests on, with the words that it rests on."""

    doc_id: str
    title: str
    quote: str


@dataclass(frozen=True, slots=True)
class Validation:
    """What checking the answer gave; both numbers are 0 to 1, None when nothing was checked.

    ``verdict`` is ``supported``, ``partly_supported``, ``unsupported``,
    ``abstained`` or ``not_checked``.
    """

    verdict: str
    groundedness: float | None
    hallucination_risk: float | None


@dataclass(frozen=True, slots=True)
class ReviewNote:
    """Whether a person has to look at the answer, and why."""

    required: bool
    reason: str | None


@dataclass(frozen=True, slots=True)
class Usage:
    """What the model calls of one question used."""

    input_tokens: int
    output_tokens: int
    cost_usd: float


@dataclass(frozen=True, slots=True)
class Answer:
    """What ``POST /v1/ask`` returns. ``trace_id`` is empty when nothing is traced."""

    request_id: str
    trace_id: str
    answer: str
    abstained: bool
    confidence: float
    route: str
    agents: Sequence[str]
    citations: Sequence[Citation]
    validation: Validation
    review: ReviewNote
    usage: Usage
    model: str
