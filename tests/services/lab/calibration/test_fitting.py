from dataclasses import replace

import numpy as np
import pytest

from services.lab.calibration.expected import Batch, Seen
from services.lab.calibration.fitting import Preset, fit, presets
from services.lab.calibration.published import Cell, Source, tolerated
from services.llm.profiles import find_profile

CAREFUL = find_profile("sim-careful")
SOURCE = Source("t", "a", 2020, "https://x.example")


def _batch(passages: int, gold: int) -> Batch:
    """Sixty prompts of so many passages of two segments each, one of which is right."""
    rng = np.random.default_rng(passages)
    seen = []
    for _ in range(60):
        right = np.zeros(2 * passages)
        right[2 * gold] = 1.0
        raw = rng.normal(0.0, 2.0, 2 * passages) + 6.0 * right
        block = np.repeat(np.arange(passages), 2).astype(np.float64)
        middle = (np.arange(2 * passages) + 0.5) / (2 * passages)
        seen.append(
            Seen(raw, right, 0 * right, block, middle, passages, 150 * passages, False, 0.0)
        )
    return Batch.of(seen, nothing=0.0)


BATCHES = {"gold_only": _batch(1, 0), "gold_at_0": _batch(20, 0), "gold_at_9": _batch(20, 9)}
TRUTH = replace(
    CAREFUL, name="sim-new", alias=None, temperature=1.7, primacy=2.5, position_passages=2.0
)


def _cells(role: str = "fitted") -> list[Cell]:
    return [
        Cell(
            "6", "", name, "sim-new", "correct",
            tolerated(float(batch.results(TRUTH)[:, 0].mean()), None),
            role,  # type: ignore[arg-type]
            SOURCE, "",
        )
        for name, batch in BATCHES.items()
    ]  # fmt: skip


PRESET = Preset(
    "sim-new",
    {"position_passages": 2.0},
    {"temperature": (0.1, 4.0), "primacy": (0.0, 6.0)},
)


def test_a_fit_meets_what_a_known_profile_would_have_published() -> None:
    found = fit(PRESET, CAREFUL, _cells(), BATCHES, seed=1)
    for cell in _cells():
        ours = BATCHES[cell.condition].results(found.profile)[:, 0].mean()
        assert ours == pytest.approx(cell.published.value, abs=0.02)
    assert found.profile.temperature == pytest.approx(1.7, rel=0.25)


def test_the_same_seed_fits_the_same() -> None:
    one, other = (fit(PRESET, CAREFUL, _cells(), BATCHES, seed=3) for _ in range(2))
    assert one == other


def test_held_out_cells_do_not_move_a_fit() -> None:
    found = fit(PRESET, CAREFUL, _cells("held_out"), BATCHES, seed=1)
    assert found.profile.temperature == pytest.approx(CAREFUL.temperature, abs=0.01)


def test_every_preset_fits_parameters_that_profiles_have() -> None:
    for preset in presets():
        for name, (low, high) in preset.free.items():
            assert low < high
            assert isinstance(getattr(CAREFUL, name), int | float)
        assert not set(preset.free) & set(preset.given)
        replace(CAREFUL, **preset.given)  # type: ignore[arg-type]
