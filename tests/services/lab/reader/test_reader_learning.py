import numpy as np
import pytest

from services.lab.reader import fit as fitting
from services.lab.reader.examples import Example, overlap
from services.lab.reader.practising import texts
from services.llm import features
from services.llm.salience import Salience, learned


def _example(number: int) -> Example:
    """A prompt of five segments; what answers is the one that stands for an own match."""
    rows = np.random.default_rng(number).normal(size=(5, features.COUNT)).astype(np.float32)
    answered = number % 3 != 0
    rows[:, features.AT["own"]] = -2.0
    right = np.zeros(5, dtype=np.bool_)
    if answered:
        rows[number % 5, features.AT["own"]] = 2.0
        right[number % 5] = True
    return Example(f"family{number % 2}", "w1", "?", rows, right, not answered, ("",) * 5)


def test_the_reader_learns_what_answers_and_when_nothing_does() -> None:
    salience = fitting.fit([_example(n) for n in range(120)])
    assert fitting.hits(salience, [_example(n) for n in range(1000, 1060)]).mean() > 0.9


def test_learning_twice_gives_the_same_weights() -> None:
    examples = [_example(n) for n in range(30)]
    assert fitting.fit(examples).to_json() == fitting.fit(examples).to_json()


def test_weights_survive_being_written_and_read() -> None:
    again = Salience.from_json(learned().to_json())
    rows = _example(1).rows
    assert np.array_equal(again.of(rows), learned().of(rows))


def test_weights_of_other_features_are_refused() -> None:
    other = learned().to_json().replace('"own"', '"formerly_own"')
    with pytest.raises(ValueError, match="fit them again"):
        Salience.from_json(other)


def test_practice_texts_hold_their_evidence_word_for_word() -> None:
    known = texts()
    assert len(known) >= 50
    for _, text in known:
        for asked in text.questions:
            assert asked.evidence in text.text, (text.title, asked.q)


def test_a_segment_overlaps_evidence_that_holds_it_or_that_it_holds() -> None:
    assert overlap("Pay in 30 days.", "We are punctual. Pay in 30 days.")
    assert overlap("| a | b |", "a | b")
    assert not overlap("Pay in 30 days.", "Pay in 45 days.")
