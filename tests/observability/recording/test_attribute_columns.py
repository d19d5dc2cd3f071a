import math

import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from observability.recording.attribute_columns import MAX_COLUMNS, OTHER, decode, encode

_TEXT = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
_INTS = st.integers(-(2**63), 2**63 - 1)
_FLOATS = st.floats(allow_nan=False)
_VALUES = st.one_of(
    _TEXT,
    st.booleans(),
    _INTS,
    _FLOATS,
    st.lists(_TEXT, max_size=3).map(tuple),
    st.lists(_FLOATS, max_size=3).map(tuple),
    st.lists(_INTS, max_size=3).map(tuple),
)
# Few keys, so that they meet values of several types, and two that differ by case alone.
_KEYS = st.sampled_from(["a", "A", "b.c", "name", "start", "other_attributes", "", "ü"])


def _again(rows):
    columns = encode(rows, {"name", "start"})
    table = pa.table({**columns, "core": pa.nulls(len(rows))})
    return decode(table, {"core"})


def _typed(rows):
    """Return rows with the types of their values, since 1 == 1.0 == True."""
    return [
        {k: (type(v), tuple(map(type, v)) if isinstance(v, tuple) else (), v) for k, v in r.items()}
        for r in rows
    ]


@given(st.lists(st.dictionaries(_KEYS, _VALUES, max_size=5), max_size=6))
@settings(max_examples=150, deadline=None)
def test_attributes_of_any_types_come_back_as_they_were(rows) -> None:
    assert _typed(_again(rows)) == _typed(rows)


def test_not_a_number_comes_back() -> None:
    (row,) = _again([{"x": math.nan, "xs": (math.nan, 1.0)}])
    assert math.isnan(row["x"])
    assert math.isnan(row["xs"][0])


def test_a_key_of_one_type_has_a_typed_column_of_its_own() -> None:
    columns = encode([{"tokens": 3}, {}, {"tokens": 4, "ids": ["a"]}], ())
    assert columns["tokens"].type == pa.int64()
    assert columns["tokens"].to_pylist() == [3, None, 4]
    assert columns["ids"].type.value_type == pa.string()
    assert OTHER not in columns


def test_a_key_of_two_types_is_kept_as_text_with_its_types() -> None:
    rows = [{"x": 1}, {"x": 1.0}, {"x": "1"}]
    assert list(encode(rows, ())) == [OTHER]
    assert _typed(_again(rows)) == _typed(rows)


def test_very_many_keys_do_not_make_very_many_columns() -> None:
    rows = [{f"key.{n}": n for n in range(MAX_COLUMNS + 100)}]
    assert len(encode(rows, ())) == MAX_COLUMNS + 1
    assert _again(rows) == rows


def test_half_a_surrogate_pair_costs_a_character_and_not_the_recording() -> None:
    assert _again([{"x": "a\ud800b", "xs": ("\udfff",)}]) == [{"x": "a?b", "xs": ("?",)}]


def test_the_order_in_which_attributes_were_set_does_not_matter() -> None:
    one = encode([{"a": 1, "b": "x"}], ())
    other = encode([{"b": "x", "a": 1}], ())
    assert list(one) == list(other) == ["a", "b"]
