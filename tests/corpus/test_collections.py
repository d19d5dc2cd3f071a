from __future__ import annotations

from pathlib import Path

import pytest

from corpus.collections import CollectionStore
from corpus.errors import CorpusError, DefinitionError, UnknownCollectionError
from corpus.ports import Document

DOCUMENTS = [Document("a", "A", "text", {"n": 1}), Document("b", "B", "text")]


def test_a_collection_is_read_back_as_it_was_stored(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path / "collections")

    store.replace("notes", DOCUMENTS)

    assert store.documents("notes") == DOCUMENTS
    assert [(info.name, info.documents) for info in store.list()] == [("notes", 2)]


def test_storing_again_replaces_the_whole_collection(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path)
    store.replace("notes", DOCUMENTS)

    store.replace("notes", DOCUMENTS[1:])

    assert store.documents("notes") == DOCUMENTS[1:]
    assert [path.name for path in tmp_path.iterdir()] == ["notes.jsonl"]


def test_a_failed_store_leaves_the_old_collection(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path)
    store.replace("notes", DOCUMENTS)
    broken = Document("c", "C", "text", {"n": object()})  # type: ignore[dict-item]

    with pytest.raises(TypeError):
        store.replace("notes", [broken])

    assert store.documents("notes") == DOCUMENTS
    assert [path.name for path in tmp_path.iterdir()] == ["notes.jsonl"]


def test_an_unknown_collection_is_named_with_those_that_exist(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path)
    store.replace("notes", DOCUMENTS)

    with pytest.raises(UnknownCollectionError, match="'letters'; there are: finance, notes"):
        store.documents("letters")


@pytest.mark.parametrize("name", ["finance", "", "Up", "../x", "a b", "-a", "x" * 60])
def test_a_name_that_cannot_be_one_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(DefinitionError):
        CollectionStore(tmp_path).replace(name, DOCUMENTS)


def test_a_path_is_never_taken_for_a_name(tmp_path: Path) -> None:
    with pytest.raises(UnknownCollectionError):
        CollectionStore(tmp_path).documents("../secret")


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path)
    store.replace("notes", DOCUMENTS)
    path = tmp_path / "notes.jsonl"
    path.write_text("".join(path.read_text().splitlines(keepends=True)[:-1]))

    with pytest.raises(CorpusError, match=r"notes\.jsonl is damaged"):
        store.documents("notes")


def test_a_removed_collection_is_gone(tmp_path: Path) -> None:
    store = CollectionStore(tmp_path)
    store.replace("notes", DOCUMENTS)

    store.remove("notes")

    assert store.list() == []
