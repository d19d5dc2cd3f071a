"""A sealed part that is hidden: readers are refused it until it is revealed."""

from collections.abc import Callable
from pathlib import Path

import pytest

from observability.recording.errors import (
    DamagedRunError,
    QueryError,
    TruthHiddenError,
    UnknownTraceError,
)
from observability.recording.queries import RunQueries
from observability.recording.run_folder import OPEN_TABLES, RunFolder
from observability.recording.run_traces import RunTraces
from tests.observability.recording import run_sample as sample

REMEDY = r"`stillgreen incident reveal .*run`"


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return RunFolder.open(sample.recorded(tmp_path / "run", hidden=True).path)


@pytest.mark.parametrize(
    "read",
    [
        lambda folder: folder.truth(),
        lambda folder: folder.truth(0),
        lambda folder: list(folder.twins()),
        lambda folder: folder.read_seal(),
        lambda folder: folder.parts("truth"),
        lambda folder: folder.parts("twins"),
    ],
)
def test_what_is_hidden_is_refused_with_the_remedy(
    folder: RunFolder, read: Callable[[RunFolder], object]
) -> None:
    with pytest.raises(TruthHiddenError, match=REMEDY):
        read(folder)
    folder.reveal()
    read(folder)


def test_the_open_part_is_the_same_whether_something_is_hidden_or_not(
    folder: RunFolder, tmp_path: Path
) -> None:
    plain = sample.recorded(tmp_path / "plain")
    for table in OPEN_TABLES:
        assert list(getattr(folder, table)()) == list(getattr(plain, table)())
    assert folder.manifest == plain.manifest
    folder.verify()


def test_who_reveals_reads_what_is_hidden_from_others(folder: RunFolder) -> None:
    insider = RunFolder.open(folder.path, hidden_too=True)
    assert len(list(insider.truth())) == 6
    assert insider.read_seal().seed == 7
    assert folder.hidden
    assert not insider.hidden


def test_what_is_hidden_counts_among_the_checksums(folder: RunFolder) -> None:
    part = folder.path / "sealed" / "truth" / "part-00000.parquet"
    part.unlink()
    with pytest.raises(DamagedRunError, match="is missing"):
        folder.verify(["truth"])


def test_a_seal_that_was_taken_away_is_hidden_again_once_it_is_put_back(
    folder: RunFolder, tmp_path: Path
) -> None:
    (folder.path / "sealed").rename(tmp_path / "elsewhere")
    assert not folder.hidden
    (tmp_path / "elsewhere").rename(folder.path / "sealed")
    assert folder.hidden


def test_only_the_open_views_can_be_asked_until_the_reveal(folder: RunFolder) -> None:
    with RunQueries(folder) as queries:
        assert {name for (name,) in queries.ask("SHOW TABLES").rows} == set(OPEN_TABLES)
        assert queries.ask("SELECT count(*) FROM requests").rows == [(6,)]
        for view in ("truth", "twins", "TRUTH"):
            with pytest.raises(TruthHiddenError, match=REMEDY):
                queries.ask(f"SELECT * FROM {view}")
        with pytest.raises(QueryError, match="out of reach"):
            queries.ask(f"FROM '{folder.path.resolve()}/sealed/truth/part-00000.parquet'")
    folder.reveal()
    with RunQueries(folder) as queries:
        assert queries.ask("SELECT count(*) FROM truth").rows == [(6,)]
        assert {"truth", "twins"} < {name for (name,) in queries.ask("SHOW TABLES").rows}


def test_no_trace_of_a_twin_is_found_until_the_reveal(folder: RunFolder) -> None:
    traces = RunTraces(folder)
    assert traces.spans(sample.trace_id(2))
    with pytest.raises(UnknownTraceError):
        traces.spans(sample.trace_id(92))
    with pytest.raises(TruthHiddenError, match=REMEDY):
        traces.truth(sample.trace_id(2))
    folder.reveal()
    assert traces.spans(sample.trace_id(92))
