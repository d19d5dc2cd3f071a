import re
from datetime import UTC
from pathlib import Path

import pytest

from observability.recording.errors import DamagedRunError, QueryError, TruthMissingError
from observability.recording.queries import RunQueries
from observability.recording.run_folder import RunFolder
from tests.observability.recording import run_sample as sample
from tests.observability.trace_view.sample import START
from tests.project import ROOT

PAGE = (ROOT / "docs" / "recordings.md").read_text(encoding="utf-8")


@pytest.fixture
def folder(tmp_path: Path) -> RunFolder:
    return sample.recorded(tmp_path / "it's a run")


@pytest.fixture
def queries(folder: RunFolder):
    with RunQueries(folder, memory_mb=256) as opened:
        yield opened


def test_an_attribute_is_a_column_with_its_own_type(queries: RunQueries) -> None:
    answer = queries.ask(
        'SELECT name, "http.response.status_code" + 0 AS code, count(*) AS n FROM spans'
        ' WHERE "http.response.status_code" IS NOT NULL AND parent_id IS NULL GROUP BY ALL'
    )
    assert answer.columns == ("name", "code", "n")
    assert list(answer.rows) == [("POST /v1/ask", 200, 6)]


def test_times_are_timestamps_and_ids_are_hex(queries: RunQueries) -> None:
    ((trace_id, start, start_ns, end_ns, milliseconds),) = queries.ask(
        "SELECT trace_id, start, start_ns, end_ns, duration_ms FROM spans"
        " WHERE parent_id IS NULL ORDER BY start LIMIT 1"
    ).rows
    assert trace_id == sample.trace_id(0)
    assert start.replace(tzinfo=UTC).timestamp() == START / 1e9
    assert start_ns == START
    assert (end_ns - start_ns) / 1e6 == milliseconds


def test_requests_can_be_joined_with_the_truth(queries: RunQueries) -> None:
    ((right, n),) = queries.ask(
        "SELECT avg(correct::INT), count(*) FROM requests JOIN truth USING (trace_id)"
    ).rows
    assert (right, n) == (pytest.approx(4 / 6), 6)
    rows = queries.ask(
        "SELECT faults->>'filter_dropped', twin, culprit_layer FROM truth WHERE NOT correct"
    ).rows
    assert set(rows) == {("1.0", sample.trace_id(n), "retrieval") for n in (92, 95)}


def test_events_metrics_and_logs_can_be_asked(queries: RunQueries) -> None:
    assert queries.ask("SELECT sum(value), sum(count) FROM metrics").rows == [(180.0, 12)]
    assert queries.ask(
        "SELECT count(*), max((attributes->>'n')::INT) FROM logs WHERE trace_id IS NOT NULL"
    ).rows == [(6, 5)]
    names = queries.ask(
        "SELECT DISTINCT event.attributes->>'gen_ai.evaluation.name' AS name"
        " FROM spans, unnest(events) AS of_span(event) ORDER BY name"
    ).rows
    assert ("groundedness",) in names


def test_only_the_views_are_shown(queries: RunQueries) -> None:
    shown = {name for (name,) in queries.ask("SHOW TABLES").rows}
    assert shown == {"spans", "requests", "metrics", "logs", "truth", "twins"}


@pytest.mark.parametrize(
    "sql",
    [
        "CREATE TABLE mine AS SELECT 1",
        "DROP VIEW spans",
        "INSERT INTO spans SELECT * FROM spans",
        "COPY spans TO 'out.csv'",
        "COPY (SELECT 1) TO '{part}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPLAIN ANALYZE COPY (SELECT 1) TO '{part}' (FORMAT parquet, USE_TMP_FILE false)",
        "EXPORT DATABASE '{folder}'",
        "ATTACH '{folder}/x.db'",
        "SET enable_external_access = true",
        "SET threads = 64",
        "PRAGMA database_list",
        "CALL pragma_version()",
        "INSTALL httpfs",
        "LOAD httpfs",
        "SELECT 1; SELECT 2",
        "SELECT * FROM read_text('/etc/hostname')",
        "SELECT * FROM read_csv('{outside}')",
        "SELECT * FROM '{outside}'",
        "SELECT * FROM read_blob('{folder}/manifest.json')",
        "SELECT * FROM read_blob('{folder}/sealed/seal.json')",
        "SELECT * FROM glob('{folder}/*')",
        "SELECT * FROM 'https://example.org/x.parquet'",
        "SELECT * FROM duckdb_secrets()",
        "SELECT getenv('HOME')",
        "SELECT * FROM local_variable",
        "SELECT * FROM no_such_view",
        "SELEC 1",
        "",
    ],
)
def test_nothing_else_can_be_read_and_nothing_written(
    queries: RunQueries, folder: RunFolder, tmp_path: Path, sql: str
) -> None:
    (tmp_path / "outside.csv").write_text("secret\n1\n")
    local_variable = folder.manifest  # what DuckDB would find by its name if it were let
    assert local_variable is not None
    before = sample.files(tmp_path)
    part = folder.path / "spans" / "part-00000.parquet"
    places = {"part": part, "folder": folder.path, "outside": tmp_path / "outside.csv"}
    quoted = {key: str(place).replace("'", "''") for key, place in places.items()}
    with pytest.raises(QueryError):
        queries.ask(sql.format(**quoted))
    assert sample.files(tmp_path) == before


def test_a_span_can_be_laid_beside_its_twins(queries: RunQueries) -> None:
    ((n,),) = queries.ask(
        "SELECT count(*) FROM spans JOIN truth USING (trace_id) JOIN twins"
        " ON twins.trace_id = truth.twin AND twins.name = spans.name"
        ' WHERE twins."stillgreen.filter.rows_out" < spans."stillgreen.filter.rows_out"'
    ).rows
    assert n == 2


def test_a_wrong_question_is_told_in_a_few_words(queries: RunQueries) -> None:
    with pytest.raises(QueryError, match="::INT") as caught:
        queries.ask("SELECT avg(abstained) FROM requests")
    assert len(str(caught.value)) < 300


def test_rows_beyond_the_limit_are_told_and_not_fetched(queries: RunQueries) -> None:
    answer = queries.ask("SELECT * FROM range(10_000_000)", max_rows=3)
    assert list(answer.rows) == [(0,), (1,), (2,)]
    assert answer.more
    assert not queries.ask("SELECT * FROM range(3)", max_rows=3).more


def test_a_question_without_end_is_stopped(queries: RunQueries) -> None:
    with pytest.raises(QueryError, match=r"longer than 0\.2 s"):
        queries.ask(
            "WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t)"
            " SELECT max(n) FROM t WHERE n < 0",
            seconds=0.2,
        )
    assert queries.ask("SELECT 1").rows == [(1,)]


def test_a_question_that_wants_too_much_memory_is_refused(queries: RunQueries) -> None:
    with pytest.raises(QueryError, match="more memory"):
        queries.ask("SELECT list(name || n.range) FROM spans, range(1_000_000) AS n")


def test_without_the_seal_there_is_no_truth_and_the_rest_works(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    (folder.path / "sealed").rename(tmp_path / "elsewhere")
    with RunQueries(RunFolder.open(folder.path)) as queries:
        assert queries.ask("SELECT count(*) FROM requests").rows == [(6,)]
        for view in ("truth", "twins"):
            with pytest.raises(TruthMissingError, match="Put it back"):
                queries.ask(f"SELECT * FROM {view}")


def test_damage_is_found_in_what_is_asked_about(tmp_path: Path) -> None:
    folder = sample.recorded(tmp_path / "run")
    part = folder.path / "requests" / "part-00001.parquet"
    data = bytearray(part.read_bytes())
    data[len(data) // 3] ^= 1
    part.write_bytes(data)
    with RunQueries(folder) as queries:
        with pytest.raises(DamagedRunError, match=r"requests/part-00001\.parquet"):
            queries.ask("SELECT avg(cost_usd) FROM Requests")
        assert queries.ask("SELECT count(*) FROM logs").rows == [(6,)]


def test_a_run_without_a_block_has_empty_views(tmp_path: Path) -> None:
    with RunQueries(RunFolder.create(tmp_path / "run", "r", {})) as queries:
        for view in ("spans", "requests", "metrics", "logs"):
            assert queries.ask(f"SELECT * FROM {view}").rows == []


@pytest.mark.parametrize(
    "sql",
    [
        sql
        for block in re.findall(r"```sql\n(.*?)```", PAGE, re.DOTALL)
        for sql in block.split(";\n")
    ],
)
def test_the_questions_in_the_documentation_are_answered(queries: RunQueries, sql: str) -> None:
    assert queries.ask(sql).rows


@pytest.mark.parametrize("view", ["requests", "truth", "metrics", "logs"])
def test_the_documentation_names_every_column(queries: RunQueries, view: str) -> None:
    named = set(re.findall(r"`([a-z0-9_]+)`", PAGE))
    columns = {row[0] for row in queries.ask(f"DESCRIBE {view}").rows}
    assert columns <= named
