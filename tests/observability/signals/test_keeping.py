"""Signals that are kept beside a recording."""

import shutil
from pathlib import Path

import pytest

from observability.recording import parts
from observability.recording.errors import DamagedRunError
from observability.recording.exporting import export_csv, export_otlp_json
from observability.recording.importing import import_lines
from observability.recording.queries import RunQueries
from observability.recording.run_folder import RunFolder
from observability.signals import keeping
from observability.signals.keeping import columns_needed, signals_of
from observability.signals.table import signal_table
from observability.telemetry import semconv as s
from tests.observability.recording import run_sample as sample


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return sample.recorded(tmp_path / "run")


def _times(folder: RunFolder) -> list[int]:
    return [path.stat().st_mtime_ns for path in sorted((folder.path / "signals").iterdir())]


def test_a_recording_has_a_row_for_each_request_in_order(folder: RunFolder) -> None:
    table = signals_of(folder)
    assert table.column("trace_id").to_pylist() == [sample.trace_id(n) for n in range(6)]
    assert table.column("top1_similarity").to_pylist() == [0.81, 0.81, 0.84] * 2


def test_leaving_columns_on_the_disk_changes_no_signal(folder: RunFolder) -> None:
    whole = signal_table([sample.trace(n, healthy=n % 3 != 2) for n in range(6)])
    assert signals_of(folder).equals(whole)
    assert s.OUTPUT_VALUE not in columns_needed()
    assert s.RETRIEVAL_TOP1_SIMILARITY in columns_needed()


def test_what_is_kept_is_read_again_and_not_made_again(folder: RunFolder) -> None:
    first = signals_of(folder)
    before = _times(folder)
    assert len(before) == 3
    assert signals_of(folder).equals(first)
    assert _times(folder) == before


def test_progress_is_told_by_block(folder: RunFolder) -> None:
    told: list[tuple[int, int]] = []
    signals_of(folder, lambda done, blocks: told.append((done, blocks)))
    assert told == [(1, 3), (2, 3), (3, 3)]


def test_the_folder_may_be_deleted(folder: RunFolder) -> None:
    first = signals_of(folder)
    shutil.rmtree(folder.path / "signals")
    folder.verify()
    assert signals_of(folder).equals(first)


def test_other_code_makes_the_parts_anew(
    folder: RunFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    signals_of(folder)
    before = _times(folder)
    monkeypatch.setattr(keeping, "_sources", lambda: ("other code, semconv.ROUTE_NAME",))
    _forget()
    try:
        table = signals_of(folder)
    finally:
        _forget()
    assert all(after > earlier for after, earlier in zip(_times(folder), before, strict=True))
    assert table.column("top1_similarity").null_count == 6  # the code named another key


def _forget() -> None:
    keeping.columns_needed.cache_clear()
    keeping._code.cache_clear()


def test_other_spans_make_their_part_anew(folder: RunFolder, tmp_path: Path) -> None:
    signals_of(folder)
    other = sample.recorded(tmp_path / "other", sealed=False)
    (other.path / "spans" / parts.part_name(0)).unlink()
    sample.write(other, 0, (2, 5))
    shutil.copytree(folder.path / "signals", other.path / "signals")
    before = _times(other)
    table = signals_of(other)
    changed = [after > earlier for after, earlier in zip(_times(other), before, strict=True)]
    assert changed == [True, False, False]
    assert table.column("top1_similarity").to_pylist().count(0.84) == 4


@pytest.mark.parametrize("rest", [b"", b"PAR1 and nothing else"])
def test_a_damaged_part_is_made_anew(folder: RunFolder, rest: bytes) -> None:
    first = signals_of(folder)
    (folder.path / "signals" / parts.part_name(1)).write_bytes(rest)
    assert signals_of(folder).equals(first)
    assert parts.rows(folder.path / "signals" / parts.part_name(1)) == 2


def test_where_nothing_can_be_kept_signals_are_there_all_the_same(folder: RunFolder) -> None:
    (folder.path / "signals").write_text("a file where the folder should be")
    assert signals_of(folder).num_rows == 6


def test_a_damaged_recording_is_told(folder: RunFolder) -> None:
    (folder.path / "spans" / parts.part_name(1)).write_bytes(b"damaged")
    with pytest.raises(DamagedRunError, match="part-00001"):
        signals_of(folder)


def test_nothing_else_stumbles_over_what_is_kept(folder: RunFolder, tmp_path: Path) -> None:
    bare = export_otlp_json(folder, tmp_path / "before.jsonl")
    signals_of(folder)
    folder.verify()
    assert export_otlp_json(folder, tmp_path / "after.jsonl") == bare
    assert (tmp_path / "before.jsonl").read_bytes() == (tmp_path / "after.jsonl").read_bytes()
    assert export_csv(folder, tmp_path / "requests.csv") == 6
    with RunQueries(folder) as queries:
        assert queries.ask("SELECT count(*) FROM requests").rows == [(6,)]
    assert RunFolder.open(folder.path).manifest == folder.manifest


def test_a_run_that_goes_on_has_the_signals_of_its_blocks(tmp_path: Path) -> None:
    folder = RunFolder.create(tmp_path / "run", "r", {})
    assert signals_of(folder).num_rows == 0
    sample.write(folder, 0, (0, 1), sealed=False)
    assert signals_of(folder).num_rows == 2
    sample.write(folder, 1, (2, 3), sealed=False)
    assert signals_of(folder).num_rows == 4
    folder.finish("complete")
    folder.verify()


def test_an_import_has_the_signals_of_what_it_was_made_of(
    folder: RunFolder, tmp_path: Path
) -> None:
    export_otlp_json(folder, tmp_path / "run.jsonl", signals=["spans"])
    import_lines(tmp_path / "run.jsonl", tmp_path / "copy", {})
    assert signals_of(RunFolder.open(tmp_path / "copy")).equals(signals_of(folder))


class Renaming:
    """Leaves the searches out."""

    digest = "without searches"

    def apply(self, spans):
        return [span for span in spans if s.RETRIEVAL_TOP1_SIMILARITY not in span.attributes]


def test_a_mapping_is_applied_and_makes_parts_of_its_own(folder: RunFolder) -> None:
    plain = signals_of(folder)
    assert signals_of(folder, mapping=Renaming()).column("top1_similarity").null_count == 6
    assert signals_of(folder).equals(plain)
