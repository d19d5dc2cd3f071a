import pytest

from observability.statistics import Estimate
from services.lab.calibration.comparing import Compared, tally
from services.lab.calibration.estimates import estimate
from services.lab.calibration.published import published
from services.lab.calibration.reliability import reliability
from services.lab.calibration.trial import Result
from tests.services.lab.calibration.fakes import answer

RIGHT, WRONG, SILENT = Result.CORRECT, Result.WRONG, Result.ABSTAINED


def test_shares_are_of_all_answers() -> None:
    answers = [answer(r, str(n)) for n, r in enumerate([RIGHT, RIGHT, WRONG, SILENT])]
    assert estimate(answers, "correct").value == 0.5
    assert estimate(answers, "abstained").value == 0.25


def test_the_share_of_wrong_ones_among_failures_leaves_right_answers_out() -> None:
    answers = [answer(r, str(n)) for n, r in enumerate([RIGHT, RIGHT, WRONG, SILENT])]
    assert estimate(answers, "wrong_of_failed").value == 0.5


def test_a_question_asked_twice_counts_once() -> None:
    answers = [answer(RIGHT, "a"), answer(WRONG, "a"), answer(RIGHT, "b"), answer(RIGHT, "b")]
    found = estimate(answers, "correct")
    assert (found.value, found.n) == (0.75, 2)


def test_confidence_that_holds_has_no_calibration_error() -> None:
    answers = [answer(RIGHT if n < 80 else WRONG, str(n), confidence=0.8) for n in range(100)]
    assert reliability("sim-x", answers).error == pytest.approx(0.0)


def test_overconfidence_shows_as_calibration_error() -> None:
    answers = [answer(RIGHT if n < 50 else WRONG, str(n), confidence=0.9) for n in range(100)]
    found = reliability("sim-x", answers)
    assert found.error == pytest.approx(0.4)
    assert found.confidence > found.accuracy


def test_abstentions_are_no_statement_of_confidence() -> None:
    assert reliability("sim-x", [answer(SILENT)]).n == 0


def test_only_fitted_and_held_out_cells_are_counted() -> None:
    compared = [Compared(cell, Estimate(cell.published.low, 0.0, 1.0, 9)) for cell in published()]
    counted = tally(compared)
    assert {each.role for each in counted} == {"fitted", "held_out"}
    assert all(each.met == each.cells for each in counted)
    assert sum(each.cells for each in counted) < len(compared)
