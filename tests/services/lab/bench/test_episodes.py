from pathlib import Path

from services.lab.bench.campaign import Stretch
from services.lab.bench.episodes import episode_of
from services.lab.bench.recording import HEALTHY_FOLDER, Recording
from services.settings import Settings
from tests.services.lab.bench.runs import folder, trace, truth


def recorded(tmp_path: Path) -> tuple[Recording, Recording]:
    """Record four healthy requests, and the last two of them again under a fault."""
    healthy = tmp_path / HEALTHY_FOLDER
    folder(
        healthy,
        [
            (0, [trace(0), trace(1)], [truth(0), truth(1)]),
            (1, [trace(2), trace(3)], [truth(2), truth(3)]),
        ],
    )
    hit = {"faults": {"misroute": 0.6}, "twin": "aa" * 16, "twin_correct": True}
    folder(
        tmp_path / "b1946a",
        [
            (
                1,
                [trace(2, 0.3, "b"), trace(3, 0.4, "b")],
                [
                    truth(2, "b", receipts={"misroute": "applied"}, **hit),
                    truth(
                        3,
                        "b",
                        receipts={"misroute": "impacted"},
                        culprit_layer="routing and agents",
                        culprit_name="plan supervisor",
                        **{**hit, "correct": False},
                    ),
                ],
            )
        ],
    )
    settings = Settings(home=tmp_path)
    stretch = Stretch(7, 2, 2)
    return (
        Recording(settings, stretch, None, 0.0, healthy),
        Recording(settings, stretch, "misroute", 0.6, tmp_path / "b1946a"),
    )


def test_an_episode_is_healthy_until_its_onset_and_faulty_after_it(tmp_path: Path) -> None:
    _, faulty = recorded(tmp_path)
    episode = episode_of(faulty)
    assert (episode.onset, episode.requests, episode.kind) == (2, 4, "silent")
    assert episode.signals["top1_similarity"].to_pylist() == [0.6, 0.6, 0.3, 0.4]


def test_what_is_true_of_requests_stands_beside_their_signals(tmp_path: Path) -> None:
    _, faulty = recorded(tmp_path)
    truths = episode_of(faulty).truth
    assert truths.applied.tolist() == [False, False, True, True]
    assert truths.impacted.tolist() == [False, False, False, True]
    assert truths.wrong.tolist() == [False, False, False, True]
    assert truths.spans == ("", "", "", "plan supervisor")


def test_a_fault_brings_what_the_catalogue_says_of_it(tmp_path: Path) -> None:
    _, faulty = recorded(tmp_path)
    episode = episode_of(faulty)
    assert (episode.fault, episode.severity, episode.seed) == ("misroute", 0.6, 7)
    assert (episode.layer, episode.held_out) == ("routing and agents", True)
    assert "status_code" in episode.blind


def test_a_healthy_recording_is_healthy_to_its_end(tmp_path: Path) -> None:
    healthy, _ = recorded(tmp_path)
    episode = episode_of(healthy)
    assert (episode.kind, episode.onset, episode.healthy) == ("healthy", 4, 4)
    assert not episode.truth.applied.any()
