from dataclasses import replace

import numpy as np
import pytest

from observability.detectors.prometheus.series import MINUTE_NS, Piece, Timeline, timeline_of
from tests.observability.detectors.prometheus.points import BEGIN, RESOURCES, counted, piece, point

NAN = float("nan")


def values(timeline: Timeline, **wanted: str) -> list[float]:
    """Return the values of the one series that has these labels; ``name`` is its name."""
    if "name" in wanted:
        wanted["__name__"] = wanted.pop("name")
    found = [each for each in timeline.series if wanted.items() <= dict(each.labels).items()]
    assert len(found) == 1, [each.labels for each in found]
    return found[0].values.tolist()


def same(found: list[float], expected: list[float]) -> bool:
    return bool(np.array_equal(found, expected, equal_nan=True))


def test_a_counter_adds_up_and_has_a_sample_each_minute_from_its_first_point_on() -> None:
    points = counted("a", {0: 1, 3: 2}) + counted("b", {1: 5})
    timeline = timeline_of([piece(points)])
    assert (timeline.first, timeline.minutes) == (BEGIN, 4)
    assert values(timeline, name="a_total") == [1, 1, 1, 3]
    assert same(values(timeline, name="b_total"), [NAN, 5, 5, 5])


def test_points_of_several_blocks_at_one_time_add_up() -> None:
    timeline = timeline_of([piece(counted("a", {0: 1, 1: 1}) + counted("a", {1: 10, 2: 1}))])
    assert values(timeline, name="a_total") == [1, 12, 13]


def test_a_point_within_a_minute_is_seen_at_its_end() -> None:
    timeline = timeline_of([piece([point("a", 0, 1), point("a", 0.5, 1), point("a", 1.25, 1)])])
    assert values(timeline, name="a_total") == [1, 2, 3]


def test_a_histogram_has_cumulative_buckets_a_count_and_a_sum() -> None:
    held = {"kind": "histogram", "unit": "s", "bounds": (0.5, 1.0)}
    points = [
        point("wait", 0, 0.75, buckets=(1, 1, 0), **held),
        point("wait", 1, 9.0, buckets=(0, 0, 1), **held),
    ]
    timeline = timeline_of([piece(points)])
    assert values(timeline, name="wait_seconds_bucket", le="0.5") == [1, 1]
    assert values(timeline, name="wait_seconds_bucket", le="1") == [2, 2]
    assert values(timeline, name="wait_seconds_bucket", le="+Inf") == [2, 3]
    assert values(timeline, name="wait_seconds_count") == [2, 3]
    assert values(timeline, name="wait_seconds_sum") == [0.75, 9.75]


def test_counters_go_on_counting_over_the_seam_of_two_pieces() -> None:
    healthy = piece(counted("a", {0: 1, 1: 1, 2: 1, 3: 1}))
    other = piece(counted("a", {50: 10, 51: 10, 52: 10}))
    joined = [
        replace(healthy, until_ns=(BEGIN + 1) * MINUTE_NS),
        replace(other, after_ns=(BEGIN + 50) * MINUTE_NS, shift_ns=-49 * MINUTE_NS),
    ]
    timeline = timeline_of(joined)
    assert (timeline.first, timeline.minutes) == (BEGIN, 4)
    assert values(timeline, name="a_total") == [1, 2, 12, 22]


def test_what_was_under_way_where_a_piece_is_cut_off_does_not_count_for_ever() -> None:
    name = "http.server.active_requests"
    healthy = piece(counted(name, {0: 1, 1: 1, 2: -2}))
    other = piece(counted(name, {0: 3, 1: 0, 2: -3, 3: 1}))
    joined = [
        replace(healthy, until_ns=(BEGIN + 1) * MINUTE_NS),
        replace(other, after_ns=BEGIN * MINUTE_NS, shift_ns=MINUTE_NS),
    ]
    assert values(timeline_of(joined), name="http_server_active_requests") == [1, 2, 3, 0, 1]


def test_a_gauge_is_what_was_seen_last_and_nothing_in_between() -> None:
    points = [point("load", minute, value, kind="gauge") for minute, value in ((0, 2), (2, 4))]
    assert same(values(timeline_of([piece(points)]), name="load"), [2, NAN, 4])


def test_series_have_the_labels_of_their_points_their_job_and_if_wanted_their_resource() -> None:
    points = counted("a", {0: 1}, color="red")
    labels = dict(timeline_of([piece(points)]).series[0].labels)
    assert labels["service_version"] == "1"
    plain = timeline_of([piece(points)], resource_labels=False)
    assert plain.series[0].labels == (
        ("__name__", "a_total"),
        ("color", "red"),
        ("job", "acme/shop"),
    )
    assert values(plain, name="target_info", service_version="1") == [1]


def test_only_series_that_are_wanted_are_made_but_all_names_are_known() -> None:
    points = counted("a", {0: 1}) + counted("b", {0: 1})
    timeline = timeline_of([piece(points)], lambda name: name == "b_total")
    assert [dict(each.labels)["__name__"] for each in timeline.series] == ["b_total"]
    assert timeline.names == {"a_total", "b_total", "target_info"}


@pytest.mark.parametrize("pieces", [[], [Piece((), RESOURCES)]])
def test_nothing_recorded_is_an_empty_timeline(pieces: list[Piece]) -> None:
    assert timeline_of(pieces).series == ()


def test_what_has_no_name_that_prometheus_can_have_is_dropped() -> None:
    points = [point("…", 0, 1, kind="gauge"), point("a", 0, 1, {"": "x"}, kind="gauge")]
    timeline = timeline_of([piece(points)], resource_labels=False)
    assert dict(timeline.series[0].labels) == {
        "__name__": "a",
        "job": "acme/shop",
    }
    assert len(timeline.series) == 2  # and target_info
