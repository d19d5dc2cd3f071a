"""What Chroma is filled with, as other processes find it."""

from pathlib import Path

import numpy as np
import pytest

from corpus.index import HnswSettings, connect, disconnect, fill
from corpus.metadata import CHUNK_ID


@pytest.mark.parametrize("records", [1, 2, 1_900])
def test_whoever_opens_a_filled_collection_finds_the_same_in_it(
    tmp_path: Path, records: int
) -> None:
    luck = np.random.default_rng(7)
    # Many passages are all but the same, so that a sparse graph holds some out of reach.
    vectors = luck.normal(size=(40, 32))[luck.integers(0, 40, records)].astype(np.float32)
    asked = luck.normal(size=(50, 32)).astype(np.float32)
    client = connect(tmp_path, None)
    fill(
        client,
        "passages",
        [{CHUNK_ID: f"c-{number}"} for number in range(records)],
        vectors,
        HnswSettings(max_neighbors=4, construction_ef=10, search_ef=10),
    )
    disconnect(client)

    found = []
    for _ in range(4):
        client = connect(tmp_path, None)
        collection = client.get_collection("passages", embedding_function=None)
        answer = collection.query(query_embeddings=list(asked), n_results=10, include=["distances"])
        found.append((answer["ids"], answer["distances"]))
        disconnect(client)

    assert all(each == found[0] for each in found)
    assert len(found[0][0]) == len(asked)
