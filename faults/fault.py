"""What a fault is: a function from a healthy part to a worse one with the same protocol."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Literal, Protocol


class Seam(StrEnum):
    """The places where a part can be swapped; the value is the field in the service's parts.

    ``EVERY`` stands for all of them, ``NONE`` for a fault that swaps nothing.
    ``TRAFFIC`` lies outside of the application: what people ask, which whoever
    makes the traffic lets it change.
    """

    DOCUMENTS = "documents"
    CHUNKER = "chunker"
    INDEX_EMBEDDER = "index_embedder"
    QUERY_EMBEDDER = "query_embedder"
    INDEX_SETTINGS = "index_settings"
    INDEX = "index"
    FILTER = "filter"
    RERANKER = "reranker"
    SEARCH = "search"
    CONTEXT = "context"
    PROMPTS = "prompts"
    MODEL = "model"
    MODELS = "models"
    ROUTES = "routes"
    HANDOFF = "handoff"
    ESCALATION = "escalation"
    ASKER = "asker"
    TOOLS = "tools"
    MEMORY = "memory"
    TRAFFIC = "traffic"
    EVERY = "every"
    NONE = "none"


class Layer(StrEnum):
    """Where a failure has its cause, in the classes of the root-cause comparison."""

    DATA = "data"
    RETRIEVAL = "retrieval"
    CONTEXT = "context and prompt"
    MODEL = "model"
    ROUTING = "routing and agents"
    TOOLS = "tools"
    MEMORY = "memory"
    NONE = "none"


class Kind(StrEnum):
    """What a fault is in the catalogue for."""

    SILENT = "silent"
    LOUD = "loud"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Claim:
    """What a fault says it makes worse, and which way that goes.

    ``measure`` is the key of a measure of ``services.lab.measures``.
    """

    measure: str
    direction: Literal["lower", "higher"]


ACCURACY = Claim("accuracy", "lower")
"""What a silent fault claims unless it says otherwise: fewer right answers."""


@dataclass(frozen=True, slots=True)
class Severity:
    """How strong a fault is, from 0 (the identity) to 1."""

    value: float

    def __post_init__(self) -> None:
        if not 0.0 <= self.value <= 1.0:
            raise ValueError(f"severity {self.value} is outside 0 to 1")


class Fault(Protocol):
    """One entry of the catalogue; each file in ``faults/catalogue`` ends in ``FAULT = …``.

    ``degrade`` is called only with a severity above 0, with the part that its
    seam names, and returns a part of the same protocol. It is typed ``Any``
    because the seam, not the type checker, pairs a fault with its part; each
    fault checks what it is given.
    """

    @property
    def id(self) -> str: ...
    @property
    def seam(self) -> Seam: ...
    @property
    def layer(self) -> Layer: ...
    @property
    def summary(self) -> str: ...
    @property
    def taxonomy(self) -> tuple[str, ...]: ...
    @property
    def shows_in(self) -> tuple[str, ...]: ...
    @property
    def blind(self) -> tuple[str, ...]: ...
    @property
    def find(self) -> str: ...
    @property
    def fix(self) -> str: ...
    @property
    def kind(self) -> Kind: ...
    @property
    def claim(self) -> Claim: ...
    @property
    def excludes(self) -> tuple[str, ...]: ...

    def degrade(self, part: Any, severity: Severity) -> Any: ...
