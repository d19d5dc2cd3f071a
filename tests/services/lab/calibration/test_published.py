import pytest

from services.lab.calibration import published as module
from services.lab.calibration.errors import BadPublished
from services.lab.calibration.fitting import presets
from services.lab.calibration.published import published, read, tolerated


def test_every_cell_names_a_source_with_an_address() -> None:
    cells = published()
    assert len(cells) > 40
    assert all(cell.source.url.startswith("https://") for cell in cells)


def test_every_cell_is_of_a_preset_that_can_be_fitted() -> None:
    known = {preset.name for preset in presets()}
    assert {cell.preset for cell in published()} <= known


def test_what_is_held_out_is_what_was_agreed() -> None:
    held_out = {cell.condition for cell in published() if cell.role == "held_out"}
    assert held_out == {
        *("gold_at_4", "gold_at_14", "length_2k", "length_8k", "length_32k"),
        *("filing_question_first", "sufficient", "insufficient"),
    }


def test_a_share_is_met_within_five_points() -> None:
    wanted = tolerated(0.686, 2655)
    assert wanted.is_met(0.64)
    assert not wanted.is_met(0.63)


def test_a_share_of_few_cases_is_met_in_its_wider_interval() -> None:
    wanted = tolerated(75 / 150, 150)
    assert wanted.is_met(0.57)
    assert not wanted.is_met(0.59)


def test_a_share_without_a_number_of_cases_has_five_points_only() -> None:
    assert not tolerated(0.5, None).is_met(0.56)


@pytest.mark.parametrize(
    "row",
    [
        "condition: nowhere\n    role: fitted\n    cells: {correct: 1/2}",
        "condition: gold_only\n    role: guessed\n    cells: {correct: 1/2}",
        "condition: gold_only\n    role: fitted\n    cells: {beauty: 1/2}",
        "condition: gold_only\n    role: fitted\n    cells: {correct: half}",
    ],
)
def test_a_malformed_table_is_refused(row: str) -> None:
    text = (
        "sources:\n  s: {title: t, authors: a, year: 2020, url: https://x.example}\n"
        f"rows:\n  - number: '1'\n    label: l\n    source: s\n    preset: p\n    {row}\n"
    )
    with pytest.raises(BadPublished):
        read(text)


def test_for_each_order_of_asking_there_is_the_other() -> None:
    names = {cell.condition for cell in module.published()}
    assert set(module.BEFORE) <= names
