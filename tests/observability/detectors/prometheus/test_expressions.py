import pytest

from observability.detectors.prometheus.expressions import reads_of, seconds_of


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ('rate(a_total{x="b_total"}[5m]) > 0.5', ("a_total",)),
        ("sum by (job, le) (rate(a_bucket[5m])) / on (job) group_left (x) b", ("a_bucket", "b")),
        ("sum(rate(a[5m])) without (job)", ("a",)),
        ("histogram_quantile(0.9, sum(rate(a_bucket[1m])) by (le)) > bool 1e3", ("a_bucket",)),
        ("a and on() b unless ignoring(x) c or vector(1)", ("a", "b", "c")),
        ("job:a:rate5m offset 1h > Inf", ("job:a:rate5m",)),
        ('{__name__="a", x=~"y"}', ("a",)),
        ("a # b\n + c", ("a", "c")),
        ("topk(3, a) - min(b @ 1600000000)", ("a", "b")),
        ('label_replace(a, "x", \'$1\', `y`, "b{}")', ("a",)),
        ("absent(up)", ("up",)),
        ("count(1 > 0x1F)", ()),
    ],
)
def test_the_names_of_metrics_are_found_and_nothing_else(
    expression: str, names: tuple[str, ...]
) -> None:
    reads = reads_of(expression)
    assert (reads.names, reads.everything) == (names, False)


@pytest.mark.parametrize("expression", ['{job="x"}', 'count({__name__=~"a.*"})'])
def test_a_selector_without_one_name_may_read_everything(expression: str) -> None:
    assert reads_of(expression).everything


def test_it_looks_back_no_further_than_all_durations_together() -> None:
    assert reads_of("rate(a[5m]) / max_over_time(b[1h:1m] offset 1d)").reach_seconds == 90_360
    assert reads_of("a5m > 5").reach_seconds == 0


def test_an_expression_that_asks_for_a_query_s_bounds_is_known() -> None:
    assert reads_of("a @ start()").by_the_step
    assert not reads_of("start > end").by_the_step


def test_durations_are_read() -> None:
    assert [seconds_of(text) for text in ("1h30m", "15s", "500ms", "0s", "")] == [
        5400,
        15,
        0.5,
        0,
        0,
    ]
