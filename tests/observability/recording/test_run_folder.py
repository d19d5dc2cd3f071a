import errno
import json
import random
from dataclasses import replace
from pathlib import Path

import pytest

from observability.recording import parts
from observability.recording.errors import (
    BlockDoneError,
    DamagedRunError,
    DiskFullError,
    FolderNotEmptyError,
    ForeignVersionError,
    NotARunError,
    RecordingError,
    TruthMissingError,
)
from observability.recording.run_folder import RunFolder
from tests.observability.recording import run_sample as sample


def _by_id(spans):
    return sorted(spans, key=lambda span: (span.trace_id, span.span_id))


def test_what_was_written_is_read_again(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "run")
    folder = RunFolder.open(tmp_path / "run")
    expected = [span for n in range(6) for span in sample.trace(n, healthy=n % 3 != 2)]
    assert _by_id(folder.spans()) == _by_id(expected)
    assert _by_id(folder.twins()) == _by_id([*sample.trace(92), *sample.trace(95)])
    assert list(folder.metrics()) == [sample.metric(n) for n in range(6)]
    assert list(folder.logs()) == [sample.log(n) for n in range(6)]
    assert list(folder.truth()) == [sample.truth(n, n % 3 != 2) for n in range(6)]
    assert folder.read_seal().scenario == "seed: 7\n"
    assert folder.manifest.counts == {
        "spans": len(expected),
        "requests": 6,
        "metrics": 6,
        "logs": 6,
    }
    folder.verify()


def test_the_order_of_blocks_and_of_spans_does_not_change_a_byte(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "one", (0, 1, 2))
    other = RunFolder.create(tmp_path / "other", "r-1", {"stillgreen": "1.0"}, sample.RESOURCES)
    other.seal("seed: 7\n", 7, ["only"])
    chance = random.Random(5)
    for block in (2, 0, 1):
        numbers = (2 * block, 2 * block + 1)
        spans = [span for n in numbers for span in sample.trace(n, healthy=n % 3 != 2)]
        chance.shuffle(spans)
        other.write_block(
            block,
            spans,
            [sample.metric(n) for n in reversed(numbers)],
            [sample.log(n) for n in reversed(numbers)],
            [sample.truth(n, n % 3 != 2) for n in reversed(numbers)],
            [span for n in numbers if n % 3 == 2 for span in reversed(sample.trace(n + 90))],
        )
    other.finish("complete")
    assert sample.files(tmp_path / "other") == sample.files(tmp_path / "one")


@pytest.mark.parametrize("renamed", range(6))
def test_a_block_cut_short_at_any_moment_is_not_done_and_is_written_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, renamed: int
) -> None:
    sample.recorded(tmp_path / "whole", (1,))
    folder = RunFolder.create(tmp_path / "cut", "r-1", {"stillgreen": "1.0"}, sample.RESOURCES)
    folder.seal("seed: 7\n", 7, ["only"])
    left = [renamed]
    write = parts.write_atomically

    def killed(path: Path, data: bytes) -> None:
        if left[0] == 0:
            path.with_name(f".{path.name}.1.tmp").write_bytes(data[: len(data) // 2])
            raise KeyboardInterrupt
        left[0] -= 1
        write(path, data)

    monkeypatch.setattr(parts, "write_atomically", killed)
    with pytest.raises(KeyboardInterrupt):
        sample.write(folder, 1, (2, 3))
    monkeypatch.undo()
    resumed = RunFolder.open(tmp_path / "cut")
    assert resumed.done_blocks() == set()
    assert not list(resumed.requests())
    sample.write(resumed, 1, (2, 3))
    resumed.finish("complete")
    assert sample.files(tmp_path / "cut") == sample.files(tmp_path / "whole")


def test_an_interrupted_run_is_gone_on_with_to_the_same_bytes(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "whole")
    folder = RunFolder.create(tmp_path / "two", "r-1", {"stillgreen": "1.0"}, sample.RESOURCES)
    folder.seal("seed: 7\n", 7, ["only"])
    sample.write(folder, 1, (2, 3))
    folder.finish("interrupted")
    resumed = RunFolder.open(tmp_path / "two")
    assert resumed.manifest.state == "interrupted"
    assert resumed.done_blocks() == {1}
    for block in (0, 2):
        sample.write(resumed, block, (2 * block, 2 * block + 1))
    resumed.verify()  # the blocks that came after the interruption have no checksums yet
    resumed.finish("complete")
    assert sample.files(tmp_path / "two") == sample.files(tmp_path / "whole")


def test_a_block_is_not_written_twice(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    before = sample.files(tmp_path / "run")
    with pytest.raises(BlockDoneError, match=r"part-00001\.parquet"):
        sample.write(folder, 1, (4, 5))
    assert sample.files(tmp_path / "run") == before


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(FolderNotEmptyError, match="Name another folder"):
        RunFolder.create(tmp_path, "r-2", {})
    with pytest.raises(FolderNotEmptyError, match="is a file"):
        RunFolder.create(tmp_path / "notes.txt", "r-2", {})
    assert sample.files(tmp_path) == {"notes.txt": b"mine"}


def test_a_folder_of_another_version_says_which_version_wrote_it(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "run")
    manifest = tmp_path / "run" / "manifest.json"
    plain = json.loads(manifest.read_text())
    manifest.write_text(json.dumps({**plain, "format_version": 2}))
    with pytest.raises(ForeignVersionError, match=r"version 2.*stillgreen 1\.0"):
        RunFolder.open(tmp_path / "run")


def test_what_is_no_run_is_told_apart_from_a_damaged_one(tmp_path: Path) -> None:
    with pytest.raises(NotARunError, match="no folder"):
        RunFolder.open(tmp_path / "nowhere")
    with pytest.raises(NotARunError, match=r"manifest\.json"):
        RunFolder.open(tmp_path)
    (tmp_path / "manifest.json").write_text('{"format": "another"}')
    with pytest.raises(NotARunError):
        RunFolder.open(tmp_path)


def test_any_flipped_byte_is_found_and_its_file_named(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "run")
    chance = random.Random(3)
    checked = 0
    for name, data in sample.files(tmp_path / "run").items():
        if name == "sealed/checksums.json":
            continue  # what guards the seal, not guarded itself
        for place in (0, len(data) - 1, chance.randrange(len(data))):
            flipped = bytearray(data)
            flipped[place] ^= 0x20
            (tmp_path / "run" / name).write_bytes(flipped)
            # White space around the JSON of the manifest may change and says the same.
            if name != "manifest.json" or json_differs(data, bytes(flipped)):
                with pytest.raises((DamagedRunError, NotARunError)) as caught:
                    RunFolder.open(tmp_path / "run").verify()
                assert Path(name).name in str(caught.value)
                checked += 1
        (tmp_path / "run" / name).write_bytes(data)
    assert checked > 30
    RunFolder.open(tmp_path / "run").verify()


def json_differs(one: bytes, other: bytes) -> bool:
    try:
        return json.loads(one) != json.loads(other)
    except ValueError:
        return True


def test_a_part_that_is_missing_or_does_not_belong_is_named(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    part = tmp_path / "run" / "spans" / "part-00001.parquet"
    data = part.read_bytes()
    part.unlink()
    with pytest.raises(DamagedRunError, match=r"part-00001\.parquet is missing"):
        folder.verify()
    part.write_bytes(data)
    part.with_name("part-00009.parquet").write_bytes(data)
    with pytest.raises(DamagedRunError, match=r"part-00009\.parquet does not belong"):
        folder.verify()


def test_damage_in_a_run_that_has_no_checksums_yet_is_still_an_error_of_ours(
    tmp_path: Path,
) -> None:
    folder = RunFolder.create(tmp_path / "run", "r-1", {})
    sample.write(folder, 0, (0, 1), sealed=False)
    part = tmp_path / "run" / "spans" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-9])
    with pytest.raises(DamagedRunError, match=r"part-00000\.parquet"):
        list(folder.spans())


def test_the_sealed_part_can_be_taken_away_and_put_back(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    (tmp_path / "run" / "sealed").rename(tmp_path / "elsewhere")
    opened = RunFolder.open(tmp_path / "run")
    opened.verify()
    assert len(list(opened.spans())) == folder.manifest.counts["spans"]
    with pytest.raises(TruthMissingError, match="Put it back"):
        opened.truth()
    with pytest.raises(TruthMissingError):
        opened.read_seal()
    (tmp_path / "elsewhere").rename(tmp_path / "run" / "sealed")
    opened.verify()
    assert len(list(opened.truth())) == 6


def test_nothing_of_the_truth_is_outside_of_the_sealed_part(tmp_path: Path) -> None:
    sample.recorded(tmp_path / "with")
    sample.recorded(tmp_path / "without", sealed=False)
    with_seal = sample.files(tmp_path / "with")
    sealed = {name for name in with_seal if name.startswith("sealed/")}
    assert sealed
    assert {name: with_seal[name] for name in with_seal.keys() - sealed} == sample.files(
        tmp_path / "without"
    )


def test_a_full_disk_is_told_and_leaves_no_half_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = RunFolder.create(tmp_path / "run", "r-1", {})

    def full(_descriptor: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(parts.os, "fsync", full)
    with pytest.raises(DiskFullError, match="make room, and resume"):
        sample.write(folder, 0, (0,), sealed=False)
    assert list(sample.files(tmp_path / "run")) == ["manifest.json"]
    assert folder.done_blocks() == set()


def test_what_cannot_be_kept_leaves_nothing_behind(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r-1", {})
    spans = [replace(sample.trace(0)[0], trace_id="not hex")]
    with pytest.raises(RecordingError, match="cannot be recorded"):
        folder.write_block(0, spans, logs=[sample.log(0)])
    assert list(sample.files(tmp_path / "run")) == ["manifest.json"]


def test_the_digest_of_content_does_not_depend_on_the_cut_into_blocks(tmp_path: Path) -> None:
    cut = sample.recorded(tmp_path / "cut").manifest
    whole = RunFolder.create(tmp_path / "whole", "r-1", {})
    sample.write(whole, 0, range(6))
    whole.finish("complete")
    assert whole.manifest.content == cut.content
    other = RunFolder.create(tmp_path / "other", "r-1", {})
    sample.write(other, 0, (*range(5), 6))
    other.finish("complete")
    assert other.manifest.content["spans"] != cut.content["spans"]


def test_an_empty_block_is_done_too(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r-1", {})
    folder.write_block(0, [])
    folder.finish("complete")
    assert folder.done_blocks() == {0}
    assert list(RunFolder.open(tmp_path / "run").spans()) == []


def test_twins_are_sealed_with_the_truth_and_read_back(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r-1", {})
    folder.seal("arms: {}\n", 7, ["a"])
    folder.write_block(0, sample.trace(0), truth=[sample.truth(0)], twins=sample.trace(1))
    folder.finish("complete")
    assert {span.trace_id for span in folder.twins()} == {sample.trace(1)[0].trace_id}
    assert folder.manifest.counts["spans"] == len(sample.trace(0))
    part = tmp_path / "run" / "sealed" / "twins" / "part-00000.parquet"
    part.write_bytes(part.read_bytes()[:-1])
    with pytest.raises(DamagedRunError, match="part-00000"):
        folder.verify()
