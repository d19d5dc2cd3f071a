import hashlib
from dataclasses import replace
from pathlib import Path

import pytest

from observability.recording.records import EventRecord
from observability.recording.run_folder import RunFolder
from services.lab.leaks.scan import scan, sealed_words
from tests.observability.recording import run_sample as sample

WORDS = ["night_shift", "no match"]


def _recorded(path: Path, resources=None, metrics=(), logs=(), **changes: object) -> RunFolder:
    folder = RunFolder.create(path, "r", {"stillgreen": "1"}, resources)
    root, *others = sample.trace(0)
    folder.write_block(0, [replace(root, **changes), *others], metrics, logs)
    folder.finish("complete")
    return folder


def _with(attributes: dict[str, object]) -> dict[str, object]:
    return {**sample.trace(0)[0].attributes, **attributes}


@pytest.mark.parametrize(
    ("planted", "file", "where"),
    [
        ({"name": "POST night_shift"}, "spans/part-00000.parquet", "name, row 0"),
        ({"service": "night-shift"}, "spans/part-00000.parquet", "service, row 0"),
        ({"attributes": _with({"k": "a NightShift b"})}, "spans/part-00000.parquet", "k, row 0"),
        ({"attributes": _with({"k": ("x", "night shift")})}, "spans/part-00000.parquet", "k, row"),
        ({"attributes": _with({"night_shift": 1})}, "spans/part-00000.parquet", "schema"),
        ({"events": (EventRecord("night_shift", 0),)}, "spans/part-00000.parquet", "events, row 0"),
        ({"logs": [replace(sample.log(0), body="night_shift on")]}, "logs/", "body, row 0"),
        (
            {"metrics": [replace(sample.metric(1), attributes={"arm": "night_shift"})]},
            "metrics/",
            "attributes, row 0",
        ),
        ({"resources": {"s": {"service.version": "1+night_shift"}}}, "manifest.json", "bytes"),
    ],
)
def test_a_planted_word_is_found_where_it_stands(
    tmp_path: Path, planted: dict[str, object], file: str, where: str
) -> None:
    found = scan(_recorded(tmp_path / "run", **planted), WORDS)
    assert [f for f in found if f.file.startswith(file) and f.where.startswith(where)], found


def test_a_digest_of_a_word_is_found(tmp_path: Path) -> None:
    digest = hashlib.sha256(b"night_shift").hexdigest()[:16]
    folder = _recorded(tmp_path / "run", attributes=_with({"build": digest}))
    assert {find.where for find in scan(folder, WORDS)} >= {"build, row 0"}


def test_a_file_and_its_name_are_looked_at(tmp_path: Path) -> None:
    folder = _recorded(tmp_path / "run")
    (folder.path / "night_shift.txt").write_text("nothing")
    (folder.path / "notes.bin").write_bytes(b"\x00NIGHT_SHIFT\xff")
    assert [(f.file, f.where) for f in scan(folder, WORDS)] == [
        ("night_shift.txt", "name"),
        ("notes.bin", "bytes"),
    ]


def test_what_is_sealed_is_not_looked_at_and_says_what_to_look_for(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r", {"stillgreen": "1"})
    folder.seal("title: The splitter slips\narms: {nightly: {}, b: {}}\n", 7, ["nightly", "b"])
    sample.write(folder, 0, range(3))
    folder.finish("complete")
    words = sealed_words(folder)
    assert {"nightly", "The splitter slips", "misroute", "healthy_hour"} <= set(words)
    assert "b" not in words
    assert scan(folder, words) == []
    assert [find.word for find in scan(folder, ["45 days"])]


def test_without_a_seal_faults_and_shipped_scenarios_are_looked_for(tmp_path: Path) -> None:
    folder = _recorded(tmp_path / "run", attributes=_with({"k": "misroute"}))
    assert {find.word for find in scan(folder, sealed_words(folder))} == {"misroute"}


def test_a_column_of_every_recording_is_no_find_but_its_name_elsewhere_is(tmp_path: Path) -> None:
    quiet = _recorded(tmp_path / "quiet")
    assert scan(quiet, ["context_truncated"]) == []
    loud = _recorded(tmp_path / "loud", attributes=_with({"k": "context_truncated"}))
    assert {f.where for f in scan(loud, ["context_truncated"])} == {"k, row 0"}


def test_an_ordinary_word_is_no_find_within_a_longer_one(tmp_path: Path) -> None:
    folder = _recorded(
        tmp_path / "run", attributes=_with({"k": "incidental costs", "l": "arm-incident_7"})
    )
    found = scan(folder, ["incident"])
    assert {f.where for f in found if "row" in f.where} == {"l, row 0"}
