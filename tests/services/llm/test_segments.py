import json

from hypothesis import given
from hypothesis import strategies as st

from services.llm.segments import split


def test_a_key_value_line_is_a_pair():
    (pair,) = split("- **Approved by:** Anna Keller").segments
    assert (pair.kind, pair.key, pair.value) == ("pair", "Approved by", "Anna Keller")


def test_a_table_row_knows_its_columns():
    table = "| Amount | Approver |\n|---|---|\n| up to 1,000 EUR | cost-centre owner |"
    row = split(table).segments[-1]
    assert row.kind == "row"
    assert row.cells == (("Amount", "up to 1,000 EUR"), ("Approver", "cost-centre owner"))


def test_sentences_end_where_they_should():
    text = "Goods of J. Brightwell Ltd. cost 5 EUR. The invoice No. 7 was wrong! Was it?"
    assert [s.text for s in split(text).segments] == [
        "Goods of J. Brightwell Ltd. cost 5 EUR.",
        "The invoice No. 7 was wrong!",
        "Was it?",
    ]


def test_wrapped_lines_are_one_sentence():
    assert [s.text for s in split("The hotel limit\nis 140 EUR.").segments] == [
        "The hotel limit is 140 EUR."
    ]


def test_offsets_point_at_the_segment():
    text = "# Terms\n\nPay in 30 days. Or else.\n\nKey: value\n"
    parted = split(text)
    for segment in parted.segments:
        assert segment.text in parted.text[segment.start : segment.end]


def test_json_leaves_are_pairs_with_their_currency():
    record = {"currency": "EUR", "gross_amount": "119.00", "approvals": []}
    texts = [s.text for s in split(json.dumps(record), "get_invoice").segments]
    assert texts == ["get invoice", "currency: EUR", "gross amount: 119.00 EUR", "approvals: none"]


def test_json_lists_of_objects_are_rows():
    record = {"items": [{"approver": "Anna", "approved_on": "2026-03-10"}], "count": 1}
    row = next(s for s in split(json.dumps(record)).segments if s.kind == "row")
    assert row.cells == (("approver", "Anna"), ("approved on", "2026-03-10"))


@given(st.text(max_size=400))
def test_any_text_splits_within_its_bounds(text: str):
    parted = split(text)
    for segment in parted.segments:
        assert 0 <= segment.start <= segment.end <= len(parted.text)
