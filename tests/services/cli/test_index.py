"""Indexes are listed, and old ones removed, by a command that asks first."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.index_cache import IndexCache
from corpus.index_pruning import kept_indexes
from services.cli.main import build_app
from tests.corpus.small_index import EMBEDDER, build


@pytest.fixture
def root(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Return a data folder's indexes: one that was used today, and one long ago."""
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path))
    root = tmp_path / "index"
    build(root, "old")
    (old,) = kept_indexes(root)
    os.utime(root / f".{old.name}.used", (1e9, 1e9))
    build(root, "new")
    return root


def call(*arguments: str, answer: str = "") -> tuple[int, str, str]:
    """Return exit code, output and what was said beside it."""
    result = CliRunner().invoke(build_app(), ["index", *arguments], input=answer)
    return result.exit_code, result.stdout, result.stderr


def names(root: Path) -> list[str]:
    return [each.name for each in kept_indexes(root)]


def test_indexes_are_listed_the_one_used_last_first(root: Path) -> None:
    code, shown, _ = call("list")
    new, old = names(root)
    assert code == 0
    assert shown.index(new) < shown.index(old)
    assert "2001-09-09 01:46" in shown
    assert "2 indexes" in shown
    found = json.loads(call("list", "--json")[1])
    assert [each["index"] for each in found["indexes"]] == [new, old]
    assert found["bytes"] == sum(each["bytes"] for each in found["indexes"]) > 0


def test_a_data_folder_without_indexes_is_no_error(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path))
    assert call("list")[0] == 0
    code, shown, _ = call("prune")
    assert code == 0
    assert "0 of 0" in shown


def test_what_would_go_is_told_and_stays(root: Path) -> None:
    before = names(root)
    code, shown, _ = call("prune", "--dry-run")
    assert code == 0
    assert "1 of 2 indexes would be removed" in shown
    assert names(root) == before


@pytest.mark.parametrize(("answer", "left"), [("y\n", 1), ("n\n", 2), ("\n", 2), ("", 2)])
def test_nothing_goes_without_a_yes(root: Path, answer: str, left: int) -> None:
    new, _ = names(root)
    code, _, asked = call("prune", answer=answer)
    assert "Remove 1 of 2 indexes" in asked
    assert len(names(root)) == left
    assert new in names(root)
    assert code == (0 if answer else 1)


def test_programs_say_yes_beforehand_and_are_told_what_went(root: Path) -> None:
    new, old = names(root)
    code, shown, _ = call("prune", "--yes", "--json")
    told = json.loads(shown)
    assert code == 0
    assert [each["index"] for each in told["removed"]] == [old]
    assert (told["kept"], told["dry_run"]) == (1, False)
    assert names(root) == [new]


def test_an_open_index_stays_however_few_days_are_kept(root: Path) -> None:
    _, old = names(root)
    index = IndexCache(root).open(old, EMBEDDER.dimension)
    assert "whole, in use" in call("list")[1]
    code, shown, _ = call("prune", "--keep-days", "0", "--yes")
    assert code == 0
    assert "1 of 2 indexes removed" in shown
    assert names(root) == [old]
    assert index.vectors.count() == 1
