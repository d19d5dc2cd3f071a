"""Settings that a scenario may bring along: those that decide how its model and stages behave."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from services.lab.runs.fields import Part
from services.settings import Settings

Seconds = Annotated[float, Field(gt=0, le=60, allow_inf_nan=False)]


class Overrides(Part):
    """Documented settings of the application, in place of those of the environment."""

    llm_model: str | None = Field(
        default=None,
        pattern=r"^sim-[a-z0-9-]{1,60}$",
        description="Simulated model to ask for.",
    )
    llm_serving_noise: Annotated[float, Field(ge=0, le=10)] | None = Field(
        default=None, description="Logits by which the model server does not repeat itself."
    )
    upstream_timeout: Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)] | None = Field(
        default=None, description="Longest wait for retrieval and erp, in seconds."
    )
    embedding_seconds: Seconds | None = Field(
        default=None, description="Median time to embed a query."
    )
    query_seconds: Seconds | None = Field(
        default=None, description="Median time of the vector search."
    )
    rerank_seconds: Seconds | None = Field(default=None, description="Median time of reranking.")
    lookup_seconds: Seconds | None = Field(
        default=None, description="Median time of a lookup in the ledger."
    )


def overridden(settings: Settings, overrides: Overrides) -> Settings:
    """Return settings with what a scenario brings along in place of their own."""
    return settings.model_copy(update=overrides.model_dump(exclude_none=True))
