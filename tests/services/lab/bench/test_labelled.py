from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from observability.bench.episode import Episode
from observability.recording.run_folder import RunFolder
from observability.signals.keeping import signals_of
from services.lab.bench.label_file import BadLabels, read_labels
from services.lab.bench.labelled import episodes_of_run
from tests.services.lab.bench.runs import MINUTE, START, folder, trace, truth


def run(path: Path) -> RunFolder:
    hit = {"faults": {"misroute": 1.0}, "receipts": {"misroute": "impacted"}}
    return folder(
        path / "run",
        [
            (
                0,
                [trace(0), trace(1), trace(0, 0.6, "b"), trace(1, 0.3, "b")],
                [
                    truth(0, arm="well"),
                    truth(1, arm="well"),
                    truth(0, "b", arm="ill"),
                    truth(1, "b", arm="ill", **hit),
                ],
            )
        ],
    )


def episodes(made: RunFolder, *said: Any, **named: Any) -> Sequence[Episode]:
    return episodes_of_run(made, signals_of(made), *said, **named)


def labels(path: Path, *lines: str) -> Path:
    file = path / "labels.csv"
    file.write_text("\n".join(lines) + "\n")
    return file


def test_every_arm_of_a_run_is_an_episode(tmp_path: Path) -> None:
    ill, well = episodes(run(tmp_path))
    assert (ill.fault, ill.onset, ill.kind, ill.layer) == (
        "misroute",
        1,
        "silent",
        "routing and agents",
    )
    assert (well.kind, well.requests) == ("healthy", 2)


def test_an_onset_makes_an_episode_of_a_recording_that_nothing_else_is_known_of(
    tmp_path: Path,
) -> None:
    (episode,) = episodes(run(tmp_path), onset_ns=START + MINUTE)
    assert (episode.fault, episode.onset, episode.requests) == ("something", 2, 4)


def test_an_onset_outside_of_the_recording_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadLabels, match="does not lie within"):
        episodes(run(tmp_path), onset_ns=START - MINUTE)


def test_labels_name_what_was_wrong_with_which_trace(tmp_path: Path) -> None:
    first, second = trace(0)[0].trace_id, trace(1)[0].trace_id
    file = labels(
        tmp_path, "trace_id,fault,layer,wrong", f"{first},,,", f"{second},old index,data,1"
    )
    (episode,) = episodes(run(tmp_path), read_labels(file))
    assert (episode.fault, episode.layer, episode.onset) == ("old index", "data", 1)
    assert episode.truth.wrong.tolist() == [False, True]
    assert episode.truth.correct.tolist() == [True, False]


def test_spaces_after_commas_and_the_mark_of_a_spreadsheet_change_no_label(tmp_path: Path) -> None:
    plain = read_labels(labels(tmp_path, "trace_id,fault,wrong", "a,old index,1", "b,,"))
    file = labels(tmp_path, "\ufefftrace_id, fault, wrong", "a, old index, 1", "", "b, ,")
    assert read_labels(file) == plain
    assert plain["a"].fault == "old index"


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        (["fault", "x"], "labels.csv:1: lacks the column trace_id"),
        (["trace_id,blame", "a,b"], "labels.csv:1: has no column 'blame'"),
        (["trace_id,layer", "a,attic"], "labels.csv:2: layer is 'attic'"),
        (["trace_id,wrong", "a,perhaps"], "labels.csv:2: wrong is 'perhaps'"),
        (["trace_id;wrong", "a;1"], "set apart by commas"),
        (["trace_id,wrong,wrong", "a,1,0"], "labels.csv:1: has the column wrong twice"),
        (["trace_id,wrong", "a,1", "A,0"], "labels.csv:3: trace_id a stands here for the second"),
        (["trace_id,wrong", ",1"], "labels.csv:2: trace_id is empty"),
        (["trace_id,fault", "a,old, index"], "labels.csv:2: has 3 values for 2 columns"),
        (["trace_id,wrong,correct", "a,1,1"], "labels.csv:2: is both wrong and correct"),
    ],
)
def test_a_mistake_in_labels_is_told_with_its_place(
    tmp_path: Path, lines: list[str], said: str
) -> None:
    with pytest.raises(BadLabels) as caught:
        read_labels(labels(tmp_path, *lines))
    assert said in str(caught.value)


def test_labels_of_no_request_of_the_recording_are_refused(tmp_path: Path) -> None:
    known = read_labels(labels(tmp_path, "trace_id", "ff"))
    with pytest.raises(BadLabels, match="none of its 4 requests"):
        episodes(run(tmp_path), known)
