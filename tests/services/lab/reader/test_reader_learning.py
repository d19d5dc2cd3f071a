from dataclasses import replace

import numpy as np
import pytest

from services.lab.reader import fit as fitting
from services.lab.reader.examples import Example, overlap
from services.lab.reader.practising import texts
from services.llm import features, meaning
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
    still = np.zeros((5, 4), dtype=np.float16)
    return Example(
        family=f"family{number % 2}",
        wording="w1",
        question="?",
        rows=rows,
        right=right,
        nothing=not answered,
        texts=("",) * 5,
        meaning=still[0],
        subjects=still,
        above=still,
    )


def test_the_reader_learns_what_answers_and_when_nothing_does() -> None:
    learned = fitting.fit([_example(n) for n in range(120)], epochs=60)
    assert fitting.hits(learned, [_example(n) for n in range(1000, 1060)]).mean() > 0.9


def test_learning_twice_gives_the_same_weights() -> None:
    examples = [_example(n) for n in range(30)]
    first, second = (fitting.fit(examples, epochs=2) for _ in range(2))
    assert first.salience.to_json() == second.salience.to_json()
    assert np.array_equal(first.meaning.own, second.meaning.own)


def test_the_reader_learns_that_two_words_mean_the_same() -> None:
    """Nothing but the vectors tells which segment answers, and they are not alike."""
    asks, says = np.eye(12, dtype=np.float16).reshape(2, 6, 12)

    def example(number: int) -> Example:
        asked = number % 6
        right = np.arange(6) == asked
        return replace(
            _example(1),
            rows=np.zeros((6, features.COUNT), dtype=np.float32),
            right=right,
            nothing=False,
            texts=tuple("abcdef"),
            meaning=asks[asked],
            subjects=says,
            above=np.zeros_like(says),
        )

    learned = fitting.fit([example(n) for n in range(60)], epochs=80)
    assert fitting.hits(learned, [example(n) for n in range(6)]).all()


def test_an_encoder_of_another_dimension_gives_no_meaning() -> None:
    near = meaning.learned().of(np.ones(8), np.ones((3, 8)), np.ones((3, 8)))
    assert not near.any()


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
