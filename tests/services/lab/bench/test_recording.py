from pathlib import Path

from services.lab.bench.campaign import Campaign, Stretch
from services.lab.bench.recording import (
    healthy_recording,
    is_complete,
    recording_path,
    recordings,
    second_half,
)
from services.settings import Settings
from tests.services.lab.bench.runs import folder, trace, truth


class Traffic:
    """Sessions of two requests each."""

    sessions = 10

    def requests_in(self, sessions: range) -> int:
        return 2 * len(sessions)


def test_the_healthy_recording_of_a_seed_comes_first_and_the_strongest_faults_next(
    tmp_path: Path,
) -> None:
    campaign = Campaign(("misroute", "placebo"), severities=(0.2, 1.0), seeds=(1, 2))
    wanted = [
        (each.stretch.seed, each.fault, each.severity)
        for each in recordings(Settings(home=tmp_path), campaign, tmp_path)
    ]
    assert wanted == [
        (seed, *each)
        for seed in (1, 2)
        for each in ((None, 0.0), ("misroute", 1.0), ("placebo", 1.0), ("misroute", 0.2))
    ]


def test_the_name_of_a_recording_does_not_tell_its_fault(tmp_path: Path) -> None:
    path = recording_path(tmp_path, Stretch(1), "misroute", 0.2)
    assert "misroute" not in str(path)
    assert path != recording_path(tmp_path, Stretch(1), "misroute", 0.6)


def test_the_second_half_begins_with_a_session_of_its_own() -> None:
    assert second_half(Traffic(), 5) == 3  # type: ignore[arg-type]
    assert second_half(Traffic(), 6) == 3  # type: ignore[arg-type]


def test_what_was_broken_off_is_not_complete(tmp_path: Path) -> None:
    wanted = healthy_recording(Settings(home=tmp_path), Stretch(1), tmp_path)
    assert not is_complete(wanted.path)
    folder(wanted.path, [(0, [trace(0)], [truth(0)])])
    assert is_complete(wanted.path)
    (wanted.path / "manifest.json").write_text("{")
    assert not is_complete(wanted.path)
