"""How a scenario says which numbers it is expected to come out with."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from services.lab.runs.fields import Duration, Figure, Name, Part

Told = Literal[
    "wrong_given_rate",
    "reworded_rate",
    "answer_says",
    "cites_types",
    "retrieves_types",
    "retrieves_documents",
    "context_types",
    "calls_tools",
    "passes_agents",
    "culprit_layers",
    "culprit_agents",
    "agents",
    "tools",
    "tokens_answering",
    "cost_usd_answering",
    "seconds",
    "seconds_in_retriever",
    "seconds_in_query",
    "seconds_in_rerank",
    "seconds_in_model",
    "seconds_in_tools",
]
"""A number of single requests that is read from their spans, their answer or their truth."""

OF_SOMETHING: frozenset[str] = frozenset(
    {
        "answer_says",
        "cites_types",
        "retrieves_types",
        "retrieves_documents",
        "calls_tools",
        "passes_agents",
        "culprit_layers",
        "culprit_agents",
    }
)
"""The measures that say how often one of the things in ``of`` is there."""

Number = Annotated[float, Field(allow_inf_nan=False)]


class Closeness(Part):
    """How near to the published number the measured one has to be."""

    type: Literal["points", "percent", "at_least", "at_most"] = Field(
        description="Percentage points of a share, per cent of the published number, or a bound."
    )
    value: Annotated[float, Field(gt=0, le=1000, allow_inf_nan=False)] | None = Field(
        default=None, description="How many points or per cent; a bound has none."
    )


class Against(Part):
    """What a number is compared with: the same measure in another arm or at another time."""

    arm: Name | None = Field(default=None, description="Another arm; without it the same.")
    after: Duration | None = Field(
        default=None, description="From when; without it as in the expectation."
    )
    before: Duration | None = Field(
        default=None, description="Until when; without it as in the expectation."
    )
    compare: Literal["ratio", "difference"] = "ratio"


class Expectation(Part):
    """One number that the scenario has to come out with, and the one that was published."""

    name: Annotated[str, Field(min_length=1)]
    arm: Name
    measure: Figure | Told
    of: tuple[Annotated[str, Field(min_length=1)], ...] = Field(
        default=(), description="What is looked for: words, types of document, tools or agents."
    )
    after: Duration = Field(default=0.0, description="Only requests from then on.")
    before: Duration | None = Field(default=None, description="Only requests until then.")
    families: tuple[str, ...] = Field(
        default=(), description="Only questions of these families; none: all."
    )
    routes: tuple[str, ...] = Field(
        default=(), description="Only requests that went these ways; none: all."
    )
    against: Against | None = None
    published: Number = Field(description="The number, or the ratio or difference of two.")
    tolerance: Closeness
    article: str = Field(default="", description="What the source says, in other words.")
