import pytest

from services.llm.asked import what_is_asked
from services.llm.ranges import stated_range
from services.llm.values import Kind, find_values, parse_number


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("2026-03-10", Kind.DATE),
        ("10 March 2026", Kind.DATE),
        ("March 10, 2026", Kind.DATE),
        ("12,400.00 EUR", Kind.MONEY),
        ("€ 1.234,56", Kind.MONEY),
        ("19 %", Kind.PERCENT),
        ("2.5 per cent", Kind.PERCENT),
        ("30 days", Kind.DURATION),
        ("three working days", Kind.DURATION),
        ("INV-2026-0133", Kind.IDENTIFIER),
        ("Anna Keller", Kind.PERSON),
        ("42", Kind.NUMBER),
    ],
)
def test_a_value_is_recognised_as_what_it_is(text: str, kind: Kind):
    assert [v.kind for v in find_values(f"It says {text}.") if v.kind is not Kind.REASON] == [kind]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1,234.56", 1234.56),
        ("1.234,56", 1234.56),
        ("1 234,56", 1234.56),
        ("12,400", 12400.0),
        ("0,5", 0.5),
        ("-3.25", -3.25),
        ("60k", 60000.0),
        ("1,234,567", 1234567.0),
    ],
)
def test_numbers_are_read_in_both_styles(text: str, number: float):
    assert parse_number(text) == number


def test_a_text_without_digits_has_no_number():
    assert parse_number("none") is None


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("Who signed it off?", Kind.PERSON),
        ("Why is it late?", Kind.REASON),
        ("How much tax is on it?", Kind.MONEY),
        ("When is it due?", Kind.DATE),
        ("What is the notice period?", Kind.DURATION),
        ("How many units came?", Kind.NUMBER),
        ("What discount do we get?", Kind.PERCENT),
    ],
)
def test_a_question_says_what_kind_of_value_it_wants(question: str, kind: Kind):
    assert what_is_asked(question).kinds[0] is kind


def test_who_and_when_are_two_parts():
    asked = what_is_asked("Who approved INV-2026-0133 and when?")
    assert asked.kinds == (Kind.PERSON, Kind.DATE)
    assert len(asked.parts) == 2


@pytest.mark.parametrize(
    ("rule", "bounds"),
    [
        ("above 1,000 up to 25,000 EUR", (1000, 25000)),
        ("1,001–25,000 EUR", (1001, 25000)),
        ("up to 500 EUR", (0, 500)),
        ("above 100,000 EUR", (100000, float("inf"))),
        ("the managing director", None),
    ],
)
def test_a_rule_states_its_range(rule: str, bounds: tuple[float, float] | None):
    stated = stated_range(rule)
    assert (None if stated is None else (stated.low, stated.high)) == bounds
