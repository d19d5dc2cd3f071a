from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from corpus.collections import CollectionStore
from services.cli.main import build_app


@pytest.fixture
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("STILLGREEN_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def notes(tmp_path: Path) -> Path:
    folder = tmp_path / "Parking Notes"
    folder.mkdir()
    (folder / "fees.md").write_text("# Fees\n\nParking costs 4 EUR a day.\n")
    (folder / "scan.pdf").write_text("no pdf")
    return folder


def ingest(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(build_app(), ["ingest", *arguments])
    return result.exit_code, result.stdout, result.stderr


def test_a_folder_becomes_a_collection_and_bad_files_are_reported(home: Path, notes: Path) -> None:
    code, out, errors = ingest(str(notes), "--json")

    assert code == 0
    assert json.loads(out)["collection"] == "parking-notes"
    assert json.loads(out)["documents"] == ["fees.md"]
    assert "scan.pdf" in errors
    documents = CollectionStore(home / "collections").documents("parking-notes")
    assert "Parking costs 4 EUR" in documents[0].text


def test_ingesting_again_replaces_the_collection(home: Path, notes: Path) -> None:
    ingest(str(notes), "--collection", "own")
    (notes / "fees.md").write_text("# Fees\n\nParking is free.\n")

    assert ingest(str(notes), "--collection", "own")[0] == 0

    (document,) = CollectionStore(home / "collections").documents("own")
    assert "free" in document.text


def test_a_single_bad_file_fails_and_leaves_no_collection(home: Path, notes: Path) -> None:
    code, _, errors = ingest(str(notes / "scan.pdf"))

    assert code == 1
    assert "scan.pdf" in errors
    assert not (home / "collections").exists()


def test_the_companys_own_name_cannot_be_taken(home: Path, notes: Path) -> None:
    code, _, errors = ingest(str(notes), "--collection", "finance")

    assert code == 2
    assert "choose another name" in " ".join(errors.split())
