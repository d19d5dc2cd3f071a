from __future__ import annotations

import pytest

from corpus.documents import load_policies, render
from corpus.ledger import World, WorldSettings, generate
from corpus.ports import Document


@pytest.fixture(scope="session")
def world() -> World:
    return generate(WorldSettings(seed=5, vendors=12, invoices=90))


@pytest.fixture(scope="session")
def documents(world: World) -> list[Document]:
    return [rendered.document for rendered in render(world)] + load_policies()
