from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from corpus.chunking import SectionChunker
from corpus.errors import (
    CorruptIndexError,
    DefinitionError,
    ForeignIndexError,
    IndexMissingError,
    SearchError,
)
from corpus.index import ChromaServer, HnswSettings, connect
from corpus.index_cache import CHUNKS, MANIFEST, SENTENCE_VECTORS, IndexCache, OpenIndex
from corpus.known_texts import KnowingEmbedder
from corpus.ports import Document
from tests.corpus.fakes import DIMENSION, HashingEmbedder

DOCUMENTS = [
    Document(
        f"D-{i}", f"Doc {i}", f"# Doc {i}\n\nText about subject{i}.\n", {"vendor_id": f"V-{i}"}
    )
    for i in range(12)
]
EMBEDDER = HashingEmbedder()
CHUNKER = SectionChunker(EMBEDDER.count_tokens)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("index")
    IndexCache(root).open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)
    return root


def copy_of(built: Path, tmp_path: Path) -> tuple[IndexCache, Path]:
    root = tmp_path / "index"
    shutil.copytree(built, root)
    cache = IndexCache(root)
    return cache, root / cache.fingerprint(DOCUMENTS, CHUNKER, EMBEDDER)


def search(index: OpenIndex, text: str) -> str:
    return index.vectors.search(EMBEDDER.embed([text])[0], 3, None)[0].chunk.doc_id


def test_a_built_index_finds_the_nearest_chunk(built: Path) -> None:
    index = IndexCache(built).open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)

    assert search(index, "Doc 7 Text about subject7") == "D-7"
    assert index.tokens.get(index.chunks[0].text) is not None


def test_a_predicate_narrows_the_vector_search(built: Path) -> None:
    index = IndexCache(built).open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)
    vector = EMBEDDER.embed(["subject7"])[0]

    found = index.vectors.search(vector, 5, {"vendor_id": "V-3"})

    assert [hit.chunk.doc_id for hit in found] == ["D-3"]
    assert index.vectors.similarities(vector, [found[0].chunk]) == [
        pytest.approx(found[0].score, abs=1e-5)
    ]
    assert index.vectors.search(vector, 5, {"vendor_id": "V-99"}) == []


def test_an_index_is_built_once(built: Path) -> None:
    calls: list[int] = []

    IndexCache(built).open_or_build(
        DOCUMENTS, CHUNKER, EMBEDDER, lambda done, _: calls.append(done)
    )

    assert calls == []


def test_other_documents_chunker_or_encoder_mean_another_index() -> None:
    cache = IndexCache(Path("unused"))
    base = cache.fingerprint(DOCUMENTS, CHUNKER, EMBEDDER)
    other = SectionChunker(EMBEDDER.count_tokens, budget=99)

    assert cache.fingerprint(DOCUMENTS[:-1], CHUNKER, EMBEDDER) != base
    assert cache.fingerprint(DOCUMENTS, other, EMBEDDER) != base


def test_an_index_of_much_the_same_documents_encodes_and_writes_only_what_is_new(
    tmp_path: Path,
) -> None:
    cache, encoder = IndexCache(tmp_path), HashingEmbedder()
    known = cache.open_or_build(DOCUMENTS, CHUNKER, encoder).known
    changed = replace(DOCUMENTS[3], text="# Doc 3\n\nText about subject99.\n")
    documents = [*DOCUMENTS[:3], changed, *DOCUMENTS[4:]]
    encoder.encoded.clear()

    index = cache.open_or_build(documents, CHUNKER, KnowingEmbedder(encoder, known), beside=known)

    assert encoder.encoded == ["Doc 3\nText about subject99."]
    assert len(index.tokens) == 1
    for chunk in index.chunks:
        held = index.known.get(chunk.text) or known.get(chunk.text)
        assert held is not None
        assert np.array_equal(held.vector, EMBEDDER.embed([chunk.text])[0])
        assert np.array_equal(held.tokens.vectors, EMBEDDER.tokens([chunk.text])[0].vectors)
    assert search(index, "subject99") == "D-3"


def test_without_vectors_beside_the_graph_only_what_is_found_has_a_similarity(
    built: Path,
) -> None:
    bare = IndexCache(built, hnsw=HnswSettings(compares=False))
    index = bare.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)

    assert search(index, "Doc 7 Text about subject7") == "D-7"
    vector = EMBEDDER.embed(["subject7"])[0]
    assert index.vectors.similarities(vector, index.chunks[:2]) is None


def test_other_settings_of_the_graph_mean_another_index() -> None:
    settings = [HnswSettings(), HnswSettings(max_neighbors=4), HnswSettings(compares=False)]
    prints = {
        IndexCache(Path("unused"), hnsw=one).fingerprint(DOCUMENTS, CHUNKER, EMBEDDER)
        for one in settings
    }

    assert len(prints) == 3


def test_progress_counts_up_to_the_number_of_chunks(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []

    IndexCache(tmp_path).open_or_build(
        DOCUMENTS[:2], CHUNKER, EMBEDDER, lambda done, total: seen.append((done, total))
    )

    assert seen == [(1, 2), (2, 2)]


def test_an_interrupted_build_leaves_nothing_to_be_seen_and_is_redone(tmp_path: Path) -> None:
    cache = IndexCache(tmp_path)

    def interrupt(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER, interrupt)
    fingerprint = cache.fingerprint(DOCUMENTS, CHUNKER, EMBEDDER)
    with pytest.raises(IndexMissingError):
        cache.open(fingerprint, DIMENSION)

    assert search(cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER), "subject2 Doc 2") == "D-2"


@pytest.mark.parametrize("name", [CHUNKS, SENTENCE_VECTORS, "tokens.f16", "tokens.npz", MANIFEST])
def test_a_damaged_index_is_noticed_and_built_again(built: Path, tmp_path: Path, name: str) -> None:
    cache, folder = copy_of(built, tmp_path)
    data = (folder / name).read_bytes()
    (folder / name).write_bytes(data[: len(data) // 2])

    with pytest.raises(CorruptIndexError, match="build it again"):
        cache.open(folder.name, DIMENSION)
    assert search(cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER), "subject2 Doc 2") == "D-2"


def test_a_lost_vector_store_is_noticed_and_built_again(built: Path, tmp_path: Path) -> None:
    cache, folder = copy_of(built, tmp_path)
    shutil.rmtree(folder / "chroma")

    with pytest.raises(CorruptIndexError, match="build the index again"):
        cache.open(folder.name, DIMENSION)
    assert search(cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER), "subject2 Doc 2") == "D-2"


def test_a_folder_with_something_else_in_it_is_refused_and_left_alone(
    built: Path, tmp_path: Path
) -> None:
    cache, folder = copy_of(built, tmp_path)
    (folder / "thesis.docx").write_text("mine")

    with pytest.raises(ForeignIndexError, match="not an index of this program"):
        cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)
    assert (folder / "thesis.docx").read_text() == "mine"


def test_an_index_under_another_name_is_refused(built: Path, tmp_path: Path) -> None:
    cache, folder = copy_of(built, tmp_path)
    manifest = json.loads((folder / MANIFEST).read_text())
    (folder / MANIFEST).write_text(json.dumps({**manifest, "fingerprint": "another"}))

    with pytest.raises(ForeignIndexError):
        cache.open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)


def test_documents_without_text_are_no_collection(tmp_path: Path) -> None:
    with pytest.raises(DefinitionError, match="empty"):
        IndexCache(tmp_path).open_or_build([Document("d", "t", "")], CHUNKER, EMBEDDER)


def test_a_server_that_does_not_answer_is_named() -> None:
    with pytest.raises(SearchError, match=r"127\.0\.0\.1:9"):
        connect(Path("unused"), ChromaServer("127.0.0.1", 9))


def test_a_servers_address_is_read_off_its_url() -> None:
    assert ChromaServer.at("http://chroma:8001") == ChromaServer("chroma", 8001)
    assert ChromaServer.at("https://chroma").ssl
    with pytest.raises(DefinitionError):
        ChromaServer.at("chroma")


def test_sentence_vectors_are_stored_as_the_encoder_gave_them(built: Path) -> None:
    index = IndexCache(built).open_or_build(DOCUMENTS, CHUNKER, EMBEDDER)
    text = index.chunks[4].text

    stored = index.vectors.similarities(EMBEDDER.embed([text])[0], [index.chunks[4]])

    assert np.isclose(stored[0], 1.0, atol=1e-5)
