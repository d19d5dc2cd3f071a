"""An attribute of ours is read out of attributes and events of other names."""

import json
from typing import Any

import pytest

from observability.recording.records import EventRecord
from tests.observability.signals.mapping.other_spans import mapped, value


def test_the_first_name_that_is_there_is_taken() -> None:
    assert value("[a, b, c]", {"b": "two", "c": "three"}) == "two"
    assert value("[a]", {"b": "two"}) is None


def test_what_a_span_says_in_our_names_stays() -> None:
    assert value("a", {"a": "theirs", "gen_ai.tool.name": "ours"}) == "ours"


def test_their_own_names_stay_beside_ours() -> None:
    assert mapped("attributes: {gen_ai.tool.name: a}", {"a": "x"}).attributes["a"] == "x"


def test_a_value_that_has_another_meaning_under_the_same_name_is_changed() -> None:
    source = "{from: gen_ai.tool.name, values: {old: new}}"
    assert value(source, {"gen_ai.tool.name": "old"}) == "new"


def test_values_are_looked_up_and_those_with_a_star_match_parts() -> None:
    source = '{from: a, values: {"yes": true, "*could not*": true, "*": false}}'
    assert value(source, {"a": "yes"}) is True
    assert value(source, {"a": "I COULD NOT find it"}) is True
    assert value(source, {"a": "42 EUR"}) is False


def test_numbers_are_scaled_and_shifted_also_those_that_are_text() -> None:
    assert value("{from: a, scale: 0.001}", {"a": 1500}) == pytest.approx(1.5)
    assert value("{from: a, scale: -1, offset: 1}", {"a": "0.25"}) == pytest.approx(0.75)
    assert value("{from: a, scale: 2}", {"a": "much"}) is None


def test_a_constant_needs_nothing_of_the_span() -> None:
    assert value("{constant: 3}", {}) == 3


def test_a_list_that_was_flattened_is_one_again_in_order_of_its_indexes() -> None:
    flat = {f"d.{n}.score": n / 100 for n in (10, 2, 0, 1)} | {"d.0.id": "x", "d.score": 7}
    assert value("d.*.score", flat) == (0.0, 0.01, 0.02, 0.1)


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("documents.*.score", (0.9, 0.5)),
        ("documents.1.id", "b"),
        ("documents.*.document.kind", ("pdf",)),
        ("total", 2),
        ("nothing.here", None),
        ("documents.7.id", None),
        ("documents", None),
    ],
)
def test_a_path_leads_into_json_text(path: str, expected: object) -> None:
    text = json.dumps(
        {
            "documents": [
                {"id": "a", "score": 0.9, "document.kind": "pdf"},
                {"id": "b", "score": 0.5},
            ],
            "total": 2,
        }
    )
    assert value(f'{{from: a, json: "{path}"}}', {"a": text}) == expected


@pytest.mark.parametrize("text", ["no json", "[" * 5_000, '{"documents": 5}', "", 7, ("x",)])
def test_json_text_that_is_none_says_nothing(text: Any) -> None:
    assert value('{from: a, json: "documents.*.score"}', {"a": text}) is None


def test_attributes_of_events_are_a_list() -> None:
    rows = tuple(EventRecord("row", n, {"score": n / 10}) for n in (3, 1))
    more = (*rows, EventRecord("other", 0, {"score": 9}), EventRecord("row", 5, {}))
    assert value("{event: row, from: score}", {}, events=more) == (0.3, 0.1)
    assert value("{event: row, from: score, take: max}", {}, events=more) == 0.3
    assert value("{event: row, from: score}", {}) is None


@pytest.mark.parametrize(
    ("take", "given", "expected"),
    [
        ("count", ("a", "b"), 2),
        ("first", ("a", "b"), "a"),
        ("last", ("a", "b"), "b"),
        ("sum", (1, 2.5), 3.5),
        ("mean", (1, 2), 1.5),
        ("min", ("3", 2), 2),
        ("sum", ("x",), None),
        ("duplicates", ("a", "b", "a", "a"), 0.5),
        ("length", "four", 4),
        ("list", "one", ("one",)),
        ("number", "12", 12.0),
        ("number", "twelve", None),
        ("text", 7, "7"),
    ],
)
def test_something_can_be_made_of_a_value(take: str, given: Any, expected: object) -> None:
    assert value(f"{{from: a, take: {take}}}", {"a": given}) == expected


def test_places_among_other_values_say_how_an_order_changed() -> None:
    before = {f"in.{n}.id": each for n, each in enumerate("abc")}
    after = {f"out.{n}.id": each for n, each in enumerate("cxa")}
    assert value('{from: "out.*.id", among: "in.*.id"}', {**before, **after}) == (2, 0)
