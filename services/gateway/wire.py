"""What the gateway's API takes and returns."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field
from pydantic.config import JsonDict

from agents.answer import Answer
from agents.ports import ReviewItem

Id = Annotated[str, Field(min_length=1, max_length=128, pattern=r"^[\w.@:+-]+$")]
Collection = Annotated[str, Field(min_length=1, max_length=63, pattern=r"^[A-Za-z0-9][\w.-]*$")]

_ANSWER_EXAMPLE: JsonDict = {
    "request_id": "req-4f1d2c8a90be7713",
    "trace_id": "6e0c63257de34c926f9efcd03927272e",
    "answer": "The gross amount of INV-2026-0117 is 4,879.00 EUR [D1].",
    "abstained": False,
    "confidence": 0.93,
    "route": "documents",
    "agents": ["retriever", "response", "validation"],
    "citations": [
        {
            "doc_id": "INV-2026-0117",
            "title": "Invoice INV-2026-0117",
            "quote": "Gross amount: 4,879.00 EUR",
        }
    ],
    "validation": {"verdict": "supported", "groundedness": 1.0, "hallucination_risk": 0.04},
    "review": {"required": False, "reason": None},
    "usage": {"input_tokens": 1432, "output_tokens": 61, "cost_usd": 0.0042},
    "model": "sim-careful-2026-03",
}


class AskBody(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={
            "example": {
                "question": "What is the gross amount of invoice INV-2026-0117?",
                "session_id": "tour-1",
            }
        },
    )

    question: str = Field(description="Text of 1 to 4,000 characters.")
    session_id: Id | None = Field(None, description="Questions of one session share a memory.")
    user_id: Id | None = Field(None, description="Kept in traces as a pseudonym only.")
    collection: Collection = Field("finance", description="The documents to search.")
    stream: bool = Field(False, description="Answer as server-sent events.")


class CitationOut(BaseModel):
    """A document that the answer rests on."""

    doc_id: str
    title: str
    quote: str


class ValidationOut(BaseModel):
    """What checking the answer against its evidence gave."""

    verdict: str
    groundedness: float | None
    hallucination_risk: float | None


class ReviewNoteOut(BaseModel):
    """Whether a person has to look at the answer."""

    required: bool
    reason: str | None


class UsageOut(BaseModel):
    """Tokens and cost of all model calls of the question."""

    input_tokens: int
    output_tokens: int
    cost_usd: float


class AnswerOut(BaseModel):
    """An answer, how it came about and what it rests on."""

    model_config = ConfigDict(json_schema_extra={"example": _ANSWER_EXAMPLE})

    request_id: str
    trace_id: str = Field(description="Give it to `stillgreen trace`; empty: not traced.")
    answer: str
    abstained: bool = Field(description="True: the documents do not hold the answer.")
    confidence: float
    route: str
    agents: list[str]
    citations: list[CitationOut]
    validation: ValidationOut
    review: ReviewNoteOut
    usage: UsageOut
    model: str

    @classmethod
    def of(cls, answer: Answer) -> AnswerOut:
        """Return the wire form of an answer."""
        return cls.model_validate(answer, from_attributes=True)


class QuestionOut(BaseModel):
    """A question that somebody might ask of the example company."""

    question: str = Field(examples=["Why has invoice INV-2026-0042 not been paid yet?"])
    family: str = Field(description="The kind of question.", examples=["why_delayed"])


class ReviewOut(BaseModel):
    """An answer that waits, or waited, for a person. Times are nanoseconds since the epoch."""

    id: str = Field(examples=["req-4f1d2c8a90be7713"])
    trace_id: str
    question: str
    answer: str
    reason: str
    created_ns: int
    decision: str | None = None
    note: str = ""
    resolved_ns: int | None = None

    @classmethod
    def of(cls, item: ReviewItem) -> ReviewOut:
        """Return the wire form of an item of the queue."""
        return cls.model_validate(item, from_attributes=True)


class ReviewList(BaseModel):
    """Items of the review queue, newest first."""

    items: list[ReviewOut]
    count: int


class Decision(BaseModel):
    """What a person decided about an answer."""

    model_config = ConfigDict(
        extra="forbid",
        json_schema_extra={"example": {"decision": "approved", "note": "Checked by hand."}},
    )

    decision: Literal["approved", "corrected", "rejected"]
    note: str = Field("", max_length=2000)


class CollectionList(BaseModel):
    """The collections of documents that can be asked about."""

    items: list[str] = Field(examples=[["finance"]])
    count: int
