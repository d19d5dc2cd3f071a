import json
import re

import pytest

from observability.statistics import NOTHING
from services.lab.calibration.comparing import Compared
from services.lab.calibration.curves import GPT4O, KINDS, Answers
from services.lab.calibration.estimates import estimate
from services.lab.calibration.experiment import Calibration
from services.lab.calibration.page import page
from services.lab.calibration.published import published
from services.lab.calibration.reliability import reliability
from services.lab.calibration.report import as_json
from services.lab.calibration.shapes import Shape
from services.lab.calibration.trial import Result
from tests.services.lab.calibration.fakes import answer


@pytest.fixture
def calibration() -> Calibration:
    answers = Answers(
        [
            answer(Result.CORRECT if n % 3 else Result.ABSTAINED, str(n), GPT4O, condition)
            for condition in (*KINDS["length"], "gold_only")
            for n in range(30)
        ]
    )
    return Calibration(
        seed=7,
        questions=30,
        compared=tuple(
            Compared(cell, estimate(answers.of(cell.preset, cell.condition), "correct"))
            for cell in published()
        ),
        shapes=(Shape("7", "it <falls>", "NoLiMa", GPT4O, True, "1 & 2"),),
        curves=(answers.curve("length", GPT4O),),
        reliabilities=(reliability(GPT4O, answers.all), reliability("sim-silent", [])),
        answers=answers,
        fits=(),
    )


def test_the_page_needs_nothing_from_elsewhere(calibration: Calibration) -> None:
    text = page(calibration)
    assert not re.search(r"<(?:script|link|img)\b|@import|url\(", text)
    assert text.count("<svg") >= 3
    assert "{{" not in text


def test_the_page_escapes_what_it_shows(calibration: Calibration) -> None:
    text = page(calibration)
    assert "it &lt;falls&gt;" in text
    assert "1 &amp; 2" in text


def test_the_page_names_every_source(calibration: Calibration) -> None:
    text = page(calibration)
    assert all(cell.source.url in text for cell in published())


def test_the_json_is_strict_json_with_every_cell(calibration: Calibration) -> None:
    assert calibration.compared[0].ours == NOTHING
    again = json.loads(json.dumps(as_json(calibration), allow_nan=False))
    assert len(again["cells"]) == len(published())
    assert again["cells"][0]["ours"]["value"] is None
