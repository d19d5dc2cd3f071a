from dataclasses import replace

from corpus.questions import Evidence
from services.lab.calibration.rewording import without_match
from services.llm.words import stems
from tests.services.lab.calibration.fakes import question


def test_a_reworded_question_shares_no_word_with_its_evidence() -> None:
    reworded = without_match(question())
    assert reworded is not None
    assert "INV-2026-0001" in reworded.text
    plain = reworded.text.replace("INV-2026-0001", "")
    assert not stems(plain) & stems("Due date: 2026-05-04")


def test_a_question_that_shares_none_stays_as_it_is() -> None:
    plain = question("Until when does INV-2026-0001 have to be settled?")
    assert without_match(plain) == plain


def test_a_question_that_cannot_be_reworded_is_left_out() -> None:
    odd = replace(
        question("How heavy is the gyroscope?"),
        evidence=(Evidence("DOC-0", "The gyroscope weighs 3 kg."),),
    )
    assert without_match(odd) is None
