"""The engines of the retrieval service, with a small encoder and a collection of a few texts."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from corpus.luck import Luck
from corpus.ports import Document
from corpus.token_store import TokenStore
from faults.current import CurrentPlan
from faults.exposure import exposed
from faults.plan import ActiveFault, FaultPlan, PlannedFault, parse_plan
from observability.telemetry import Telemetry
from services.settings import Settings
from services.wiring_retrieval import COMPANY, RetrievalService
from tests.faults.encoders import VariableEmbedder
from tests.observability.clocks import TickingClock

DOCUMENTS = [
    Document(f"D-{n}", f"Document {n}", f"Clause {n} speaks of subject{n}.\n") for n in range(12)
]


class Encoder(VariableEmbedder):
    name = "hashing"


Build = Callable[[str], tuple[RetrievalService, Any, Any]]


@pytest.fixture
def build(tmp_path: Path) -> Build:
    """Return a function that builds a service, its foundation and its engine under a fault."""

    def with_fault(fault: str) -> tuple[RetrievalService, Any, Any]:
        encoder = Encoder()
        foundation: Any = SimpleNamespace(
            embedder=encoder,
            token_store=TokenStore(encoder),
            settings=Settings(home=tmp_path),
            world=SimpleNamespace(documents=lambda: DOCUMENTS, counts={"documents": 12}),
            progress=None,
        )
        clock = TickingClock()
        telemetry, _ = Telemetry.in_memory("retrieval", clock)
        plan = parse_plan([fault]) if fault else FaultPlan()
        service = RetrievalService(foundation, telemetry, clock, CurrentPlan(plan))
        return service, foundation, service.engine(COMPANY, Luck(1))

    return with_fault


def tables(store: TokenStore) -> int:
    return len(store._tables)


def test_a_model_reads_with_the_healthy_encoders_embeddings_under_another_encoder(
    build: Build,
) -> None:
    _, foundation, engine = build("partial_reindex")
    expected = Encoder()

    assert tables(foundation.token_store) == 1
    assert engine.parts.reranker._tokens is not foundation.token_store
    for text in ("Document 3\nClause 3 speaks of subject3.", "never seen"):
        for store in (foundation.token_store, engine.parts.reranker._tokens):
            found = store.get(text).vectors
            assert np.array_equal(found, expected.tokens([text])[0].vectors)


def test_an_index_of_much_the_same_texts_encodes_only_the_new_ones(build: Build) -> None:
    build("")
    _, foundation, engine = build("chunks_tiny=0.5")

    encoded = set(foundation.embedder.encoded)
    assert encoded
    assert not any(text.startswith("Document ") for text in encoded)
    assert engine.parts.index.count() == len(DOCUMENTS)


def test_an_index_for_a_share_of_the_documents_differs_in_these_alone(build: Build) -> None:
    service, _, _ = build("")
    part = ActiveFault("duplicates_flood", 0.05, documents=0.5)  # one copy of each
    service._current.plan = FaultPlan((PlannedFault(part),))

    engine = service.engine(COMPANY, Luck(1))

    copied = [document for document in DOCUMENTS if exposed(part, document)]
    assert 0 < len(copied) < len(DOCUMENTS)
    assert engine.parts.index.count() == len(DOCUMENTS) + len(copied)


def test_what_a_plan_needed_is_let_go_with_its_token_embeddings(build: Build) -> None:
    service, foundation, _ = build("chunks_tiny")
    assert tables(foundation.token_store) == 2

    service.release()

    assert tables(foundation.token_store) == 1


def test_a_placebo_searches_the_healthy_index(build: Build) -> None:
    _, foundation, engine = build("placebo")

    assert tables(foundation.token_store) == 1
    assert engine.parts.embedder.fingerprint == foundation.embedder.fingerprint
