"""Old indexes are told from those that are needed, and only those go that nobody uses."""

from __future__ import annotations

import gc
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from filelock import FileLock

from corpus.encoder_weights import SHIPPED_MODEL
from corpus.index_cache import CHUNKS, MANIFEST, IndexCache, lock_path, unfinished_path
from corpus.index_pruning import IndexState, KeptIndex, kept_indexes, remove
from tests.corpus.small_index import EMBEDDER, build

DAY = 86_400 * 10**9


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a folder with one index, which nobody has open."""
    build(tmp_path)
    return tmp_path


def only(root: Path) -> KeptIndex:
    (found,) = kept_indexes(root)
    return found


def say(index: KeptIndex, **changed: object) -> None:
    """Change what an index says of itself."""
    path = index.folder / MANIFEST
    path.write_text(json.dumps(json.loads(path.read_text()) | changed))


def test_an_index_is_listed_with_what_it_holds(root: Path) -> None:
    found = only(root)
    assert (found.state, found.documents, found.chunks) == (IndexState.WHOLE, 1, 1)
    assert found.bytes > (found.folder / CHUNKS).stat().st_size > 0
    assert not found.in_use


def test_a_folder_that_is_not_there_has_no_indexes(tmp_path: Path) -> None:
    assert kept_indexes(tmp_path / "none") == []


def test_an_index_can_go_when_it_was_not_used_for_long_enough(root: Path) -> None:
    found = only(root)
    assert not found.can_go(found.used_ns + 3 * DAY - 1, keep_days=3)
    assert found.can_go(found.used_ns + 3 * DAY + 1, keep_days=3)


def test_opening_an_index_is_a_use_of_it(root: Path) -> None:
    os.utime(root / f".{only(root).name}.used", (1, 1))
    assert only(root).used_ns == 10**9
    build(root)
    assert only(root).used_ns > 10**18


def test_an_index_from_before_there_were_marks_is_as_old_as_it_is(root: Path) -> None:
    (root / f".{only(root).name}.used").unlink()
    os.utime(only(root).folder / MANIFEST, (5, 5))
    assert only(root).used_ns == 5 * 10**9


@pytest.mark.parametrize(
    "changed",
    [
        {"format": 1},
        {"chunker": "sections-1:budget=250"},
        {"embedder": f"{SHIPPED_MODEL}@0123456789abcdef"},
        {"embedder": f"{SHIPPED_MODEL}@0123456789abcdef, 0.5 of it another@12"},
    ],
)
def test_an_index_of_another_version_can_go_at_once(root: Path, changed: dict[str, object]) -> None:
    say(only(root), **changed)
    found = only(root)
    assert found.state is IndexState.OTHER_VERSION
    assert found.can_go(found.used_ns, keep_days=30)


@pytest.mark.parametrize(
    "changed", [{"chunker": "pages-1"}, {"embedder": "my-encoder@0123456789abcdef"}]
)
def test_a_chunker_or_encoder_of_ones_own_is_of_no_version(
    root: Path, changed: dict[str, object]
) -> None:
    say(only(root), **changed)
    assert only(root).state is IndexState.WHOLE


def test_what_a_killed_build_left_can_go_unless_it_is_going_on(root: Path) -> None:
    found = only(root)
    found.folder.rename(unfinished_path(root, found.name))
    with FileLock(lock_path(root, found.name)):
        assert only(root).in_use
        assert not only(root).can_go(found.used_ns + 99 * DAY, keep_days=1)
        assert not remove(root, only(root))
    left = only(root)
    assert left.state is IndexState.UNFINISHED
    assert left.can_go(left.used_ns, keep_days=30)
    assert remove(root, left)
    assert kept_indexes(root) == []


def test_an_index_that_cannot_be_read_can_go(root: Path) -> None:
    (only(root).folder / MANIFEST).write_text("{")
    assert only(root).state is IndexState.DAMAGED
    assert remove(root, only(root))
    assert kept_indexes(root) == []


def test_what_is_not_ours_is_no_index(root: Path) -> None:
    found = only(root)
    (found.folder / "thesis.txt").write_text("mine")
    (root / "notes").mkdir()
    (root / "0123456789abcdef0123").write_text("a file")
    assert kept_indexes(root) == []
    (found.folder / "thesis.txt").unlink()
    say(only(root), fingerprint="another")
    assert kept_indexes(root) == []


def test_an_open_index_stays_until_it_is_let_go_of(root: Path) -> None:
    index = IndexCache(root).open(only(root).name, EMBEDDER.dimension)
    found = only(root)
    assert found.in_use
    assert not found.can_go(found.used_ns + 99 * DAY, keep_days=1)
    assert not remove(root, replace(found, in_use=False))
    assert index.vectors.count() == 1
    assert found.folder.is_dir()
    del index
    gc.collect()
    assert not only(root).in_use
    assert remove(root, only(root))
    assert kept_indexes(root) == []


def test_an_index_that_another_process_has_open_stays_until_that_ends(root: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from corpus.index_use import mark_used;"
        f"use = mark_used(Path({str(root)!r}), {only(root).name!r});"
        "print('open', flush=True); sys.stdin.read()"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as other:
        assert other.stdout is not None
        assert other.stdout.readline().strip() == b"open"
        assert only(root).in_use
        assert not remove(root, only(root))
        other.kill()
        other.wait()
        assert remove(root, only(root))


def test_an_index_that_was_used_since_it_was_looked_at_stays(root: Path) -> None:
    found = only(root)
    os.utime(root / f".{found.name}.used", (1, 1))
    assert not remove(root, found)
    assert found.folder.is_dir()


def test_an_index_that_was_removed_is_built_again_when_it_is_asked_for(root: Path) -> None:
    name = only(root).name
    assert remove(root, only(root))
    build(root)
    assert (only(root).name, only(root).state) == (name, IndexState.WHOLE)
