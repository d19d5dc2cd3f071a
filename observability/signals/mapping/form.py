"""What a mapping file may say."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

Scalar = str | bool | int | float
Kind = Literal["INTERNAL", "SERVER", "CLIENT", "PRODUCER", "CONSUMER"]
Operation = Literal[
    "invoke_workflow", "invoke_agent", "plan", "chat", "execute_tool", "retrieval", "embeddings"
]
Take = Literal[
    "list",
    "first",
    "last",
    "max",
    "min",
    "sum",
    "mean",
    "count",
    "duplicates",
    "length",
    "number",
    "text",
]


class Part(BaseModel):
    """A part of a mapping file; a field that is not known is a mistake."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def _as_list(value: Any) -> Any:
    return value if isinstance(value, list) or value is None else [value]


def _as_texts(value: Any) -> Any:
    """Return one or several plain values as texts, as they are compared."""
    if isinstance(value, dict):
        return value
    return [
        each if isinstance(each, dict | list) or each is None else as_text(each)
        for each in _as_list(value) or []
    ]


def _as_sources(value: Any) -> Any:
    """Return a key, a source, or several of either as a list of sources."""
    if not isinstance(value, str | dict | list):
        return value
    return [{"from": each} if isinstance(each, str) else each for each in _as_list(value)]


def as_text(value: object) -> str:
    """Return a value as it is written in a mapping file."""
    return str(value).lower() if isinstance(value, bool) else str(value)


Text = Annotated[str, Field(min_length=1)]
Texts = Annotated[
    tuple[Text, ...], BeforeValidator(_as_texts), Field(min_length=1)
]  # one text stands for a list of one


class Source(Part):
    """Where a value comes from, and what is done to it, in the order of the fields."""

    from_: Annotated[tuple[Text, ...], BeforeValidator(_as_list)] = Field(
        default=(),
        alias="from",
        description="Attributes, of which the first that is there is taken; * stands for an index.",
    )
    constant: Scalar | None = Field(default=None, description="A value that is always the same.")
    event: str | None = Field(
        default=None, description="Take the attribute from all events of this name, as a list."
    )
    path: str | None = Field(
        default=None,
        alias="json",
        description="The attribute is JSON text; where in it, e.g. documents.*.score",
    )
    among: Text | None = Field(
        default=None,
        description="Take, of each value, its place among those of this attribute, from 0.",
    )
    values: dict[str, Scalar] = Field(
        default={}, description="Their values and ours; theirs may hold * and ?."
    )
    scale: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        default=None, description="Multiply by this, e.g. 0.001 from ms to s."
    )
    offset: Annotated[float, Field(allow_inf_nan=False)] | None = Field(
        default=None, description="Then add this, e.g. 1 after a scale of -1."
    )
    take: Take | None = Field(default=None, description="What to make of it.")

    @model_validator(mode="after")
    def _from_somewhere(self) -> Source:
        if bool(self.from_) == (self.constant is not None):
            raise ValueError("needs either `from` (attributes) or `constant` (a value)")
        return self


Sources = dict[
    str, Annotated[tuple[Source, ...], BeforeValidator(_as_sources), Field(min_length=1)]
]


class When(Part):
    """What must be true of a span, all of it; texts may hold * and ?."""

    attributes: dict[str, Texts] = Field(
        default={}, description="Attributes and one or several values; * for any."
    )
    name: Texts | None = Field(default=None, description="The span's name.")
    kind: Annotated[tuple[Kind, ...], BeforeValidator(_as_list)] | None = None
    service: Texts | None = Field(default=None, description="The service that it comes from.")
    outermost: bool = Field(
        default=False, description="No span above it fits what else is said here."
    )

    @model_validator(mode="after")
    def _says_something(self) -> When:
        if not (self.attributes or self.name or self.kind or self.service):
            raise ValueError("says nothing; name attributes, a name, a kind or a service")
        return self


class SpanRule(Part):
    """Which spans are which of ours; the first rule that fits a span counts."""

    when: When
    operation: Operation | None = Field(default=None, description="gen_ai.operation.name")
    name: Text | None = Field(
        default=None, description="Our name for the span; {key} is an attribute, as mapped."
    )
    kind: Kind | None = None
    attributes: Sources = {}


class MappingForm(Part):
    """A mapping file."""

    describes: Text
    source: Texts = Field(description="Addresses of what says how those spans are named.")
    extends: Text | None = Field(
        default=None, description="Another mapping, which holds where this one says nothing."
    )
    spans: tuple[SpanRule, ...] = ()
    attributes: Sources = {}
