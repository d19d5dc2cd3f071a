from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from observability.detectors.errors import RuleFailed
from observability.detectors.expressions import Checker, Evaluator, Expression
from observability.detectors.syntax import FUNCTIONS
from tests.observability.detectors.making import KINDS, requests

READS_ELSEWHERE = [
    "(SELECT count(*) FROM duckdb_settings()) > 0",
    "(SELECT 1 FROM read_csv('/etc/passwd')) = 1",
    "EXISTS (FROM read_text('/etc/passwd'))",
    "top_score IN (SELECT 1 FROM glob('/*'))",
    "(SELECT max(top_score) FROM signals) > 0",
    "getenv('HOME') = 'x'",
    "current_setting('memory_limit') = 'x'",
    "current_user = 'x'",
    "version() = 'x'",
    "read_text('/etc/passwd') IS NULL",
    "query('SELECT 1') = 1",
    "COLUMNS('.*') > 0",
    "* > 0",
    "trace_id = 'x'",
    "rowid = 1",
    "signals IS NULL",
    "signals.top_score > 0",
    "no_signal",
    "random() > 0.5",
    "nextval('x') > 0",
    "system.main.abs(top_score) > 0",
    "top_score::JSON IS NULL",
]
STATEMENTS = [
    "true) FROM signals; DROP TABLE signals; SELECT (true",
    "true; SELECT 1",
    "true) FROM signals UNION ALL SELECT (true",
    "true), (true",
    "true) FROM signals WHERE (true",
    "true) FROM read_csv('/etc/passwd') --",
    "true) FROM signals CROSS JOIN (SELECT 1) --",
    "ATTACH '/tmp/x.db'",
    "COPY signals TO '/tmp/x'",
    "PRAGMA database_list",
    "$1 > 0",
    "? > 0",
    "",
]
ENDLESS = [
    "(WITH RECURSIVE t(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT max(n) FROM t) > 0",
    "(SELECT count(*) FROM range(10000000000) a, range(10000000000) b) > 0",
    "len(range(100000000000)) > 0",
    "list_sum(generate_series(1, 100000000000)) > 0",
    "length(repeat('x', 10000000000)) > 0",
    "length(lpad('x', 1000000000, 'y')) > 0",
    "list_reduce([1, 2], lambda x, y: x + y) > 0",
]


class Forged(Expression):
    """An expression that was never checked, carried out as it stands."""

    __slots__ = ()

    @property
    def sql(self) -> str:
        return self.text


def checked(text: str) -> Expression:
    found = Checker(KINDS).check(text, "boolean")
    assert isinstance(found, Expression), found
    return found


@pytest.mark.parametrize("text", [*READS_ELSEWHERE, *STATEMENTS, *ENDLESS])
def test_an_expression_that_is_not_about_one_requests_signals_is_refused(text: str) -> None:
    assert isinstance(Checker(KINDS).check(text, "boolean"), str)


@pytest.mark.parametrize(
    "text",
    [
        "top_score < 0.3",
        "top_score BETWEEN 0.1 AND 0.2 OR latency IS NULL",
        "route IN ('ledger', 'lookup') AND NOT (latency > 2)",
        "coalesce(top_score, 0) * 2 < greatest(latency, 1)",
        "CASE WHEN route = 'ledger' THEN latency > 2 ELSE latency > 1 END",
        "route LIKE 'doc%' AND regexp_matches(lower(route), 'x')",
        "top_score::INTEGER = 1 -- a comment",
        "TRY(ln(top_score)) > 0",
    ],
)
def test_an_ordinary_expression_is_taken(text: str) -> None:
    checked(text)


def test_the_connection_itself_reaches_no_file_even_if_an_expression_got_through(
    tmp_path: Path,
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    forged = Forged(f"(SELECT count(*) FROM read_csv('{secret}')) > 0", "boolean", ())
    with pytest.raises(RuleFailed, match="disabled"):
        Evaluator().columns(requests({"latency": [1.0]}), {"x": forged}, KINDS)


def test_a_query_that_does_not_end_is_interrupted() -> None:
    endless = (
        "(SELECT count(*) FROM range(100000000) a, range(100000000) b WHERE a.range > b.range) > 0"
    )
    forged = Forged(endless, "boolean", ())
    with pytest.raises(RuleFailed, match=r"took longer than 0\.2 s"):
        Evaluator(seconds=0.2).columns(requests({"latency": [1.0]}), {"x": forged}, KINDS)


def test_memory_is_bounded() -> None:
    forged = Forged("(SELECT count(DISTINCT range) FROM range(10000000)) > 0", "boolean", ())
    with pytest.raises(RuleFailed, match=r"[Mm]emory"):
        Evaluator(memory_mb=64).columns(requests({"latency": [1.0]}), {"x": forged}, KINDS)


def test_what_is_undefined_is_null_and_not_an_error() -> None:
    table = requests({"top_score": [0.0, 1.0, None], "route": ["x", "5", None]})
    wanted = {
        "inverse": Checker(KINDS).check("1 / top_score", "number"),
        "cast": Checker(KINDS).check("route::DOUBLE", "number"),
    }
    assert all(isinstance(each, Expression) for each in wanted.values())
    found = Evaluator().columns(table, wanted, KINDS)  # type: ignore[arg-type]
    assert found["inverse"].to_pylist() == [None, 1.0, None]
    assert found["cast"].to_pylist() == [None, 5.0, None]


def test_a_signal_that_the_table_lacks_is_null() -> None:
    found = Evaluator().columns(
        requests({"route": ["a", "b"]}), {"x": checked("top_score > 0")}, KINDS
    )
    assert found["x"].to_pylist() == [None, None]


def test_rows_keep_their_order_over_many_requests() -> None:
    count = 300_000
    table = requests({"latency": [float(n) for n in range(count)]})
    doubled = Checker(KINDS).check("latency * 2", "number")
    assert isinstance(doubled, Expression)
    found = Evaluator().columns(table, {"x": doubled}, KINDS)["x"]
    assert found.equals(pa.chunked_array([[n * 2.0 for n in range(count)]]))


def test_a_wrong_signal_is_named_with_what_was_probably_meant() -> None:
    found = Checker(KINDS).check("top_scor < 0.3 AND latencies > 1", "boolean")
    assert isinstance(found, str)
    assert "'top_scor'" in found
    assert "did you mean top_score?" in found
    assert "'latencies'" in found


def test_a_number_in_place_of_a_yes_or_no_is_refused() -> None:
    assert "compare it" in str(Checker(KINDS).check("top_score + 1", "boolean"))
    assert "a number is needed" in str(Checker(KINDS).check("route", "number"))


def test_the_guide_lists_all_functions() -> None:
    guide = (Path(__file__).parents[3] / "docs" / "rules.md").read_text(encoding="utf-8")
    assert [name for name in sorted(FUNCTIONS) if name[0].isalpha() and name not in guide] == []


@pytest.mark.parametrize(
    "text",
    [
        "regexp_matches(route, '(a')",
        "regexp_full_match(route, '[a')",
        "regexp_extract(route, 'a)') = 'a'",
        "route SIMILAR TO '('",
    ],
)
def test_a_pattern_that_cannot_be_read_is_told_and_not_taken_for_unknown(text: str) -> None:
    assert "that cannot be read: Invalid Input Error" in str(Checker(KINDS).check(text, "boolean"))


def test_what_is_nested_too_deeply_is_told_with_a_remedy() -> None:
    for text in ("(" * 1500 + "latency" + ")" * 1500 + " > 5", "NOT " * 900 + "latency > 5"):
        said = Checker(KINDS).check(text, "boolean")
        assert said == "is nested too deeply; make two rules of it, or shorten it"


def test_a_signal_in_capitals_is_told_as_it_is_written() -> None:
    assert "did you mean latency?" in str(Checker(KINDS).check("LATENCY > 5", "boolean"))
