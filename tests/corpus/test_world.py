from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from corpus.ledger import WorldSettings
from corpus.world import WorldError, build_or_load, fingerprint, keep

SMALL = WorldSettings(seed=5, vendors=4, invoices=20)


def test_a_world_is_built_once_and_found_again(tmp_path: Path) -> None:
    steps: list[str] = []
    first = build_or_load(tmp_path, SMALL, lambda step, _: steps.append(step))
    assert steps == ["records", "ledger", "documents"]
    second = build_or_load(tmp_path, SMALL, lambda step, _: steps.append(step))
    assert len(steps) == 3
    assert second == first
    assert [entry.name for entry in tmp_path.iterdir()] == [f"world-{fingerprint(SMALL)}"]


def test_the_folder_holds_what_the_settings_say(tmp_path: Path) -> None:
    folder = build_or_load(tmp_path, SMALL)
    assert folder.counts["invoices"] == 20
    assert len(folder.documents()) == folder.counts["documents"]
    ledger = folder.open_ledger()
    assert ledger.invoices() == list(folder.world().invoices)
    ledger.close()


def test_the_same_settings_give_the_same_bytes(tmp_path: Path) -> None:
    one, two = build_or_load(tmp_path / "a", SMALL).path, build_or_load(tmp_path / "b", SMALL).path
    files = sorted(path.relative_to(one) for path in one.rglob("*") if path.is_file())
    assert files == sorted(path.relative_to(two) for path in two.rglob("*") if path.is_file())
    assert all((one / name).read_bytes() == (two / name).read_bytes() for name in files)


def test_other_settings_have_another_folder() -> None:
    assert fingerprint(SMALL) != fingerprint(WorldSettings(seed=6, vendors=4, invoices=20))


def test_a_build_that_fails_leaves_nothing_behind(tmp_path: Path) -> None:
    def fail(step: str, _: int) -> None:
        if step == "documents":
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        build_or_load(tmp_path, SMALL, fail)
    assert list(tmp_path.iterdir()) == []
    assert build_or_load(tmp_path, SMALL).counts["invoices"] == 20


@pytest.mark.parametrize("manifest", [None, "not json", "[]", '{"counts": {}, "settings": {}}'])
def test_a_damaged_folder_is_refused_with_a_remedy(tmp_path: Path, manifest: str | None) -> None:
    path = build_or_load(tmp_path, SMALL).path / "manifest.json"
    path.unlink() if manifest is None else path.write_text(manifest)
    with pytest.raises(WorldError, match="remove the folder"):
        build_or_load(tmp_path, SMALL)


def test_a_world_that_was_made_elsewhere_is_kept_by_its_content(tmp_path: Path) -> None:
    built = build_or_load(tmp_path, SMALL)
    world, documents = built.world(), built.documents()
    renamed = replace(
        world, vendors=tuple(replace(vendor, name=f"Other {vendor.id}") for vendor in world.vendors)
    )
    kept = keep(tmp_path, renamed, documents)
    assert kept.world() == renamed
    assert kept.documents() == documents
    ledger = kept.open_ledger()
    assert [vendor.name for vendor in ledger.vendors()] == [v.name for v in renamed.vendors]
    ledger.close()
    assert keep(tmp_path, renamed, documents).path == kept.path
    assert keep(tmp_path, renamed, documents[1:]).path not in (kept.path, built.path)
