from pathlib import Path

from observability.detectors.prometheus.engine import Programs
from services.lab.bench.campaign import Stretch
from services.lab.bench.labels import Label
from services.lab.bench.recording import HEALTHY_FOLDER, Recording
from services.lab.bench.watching import LabelledRun, Source, watch_all, watch_runs
from services.settings import Settings
from tests.services.lab.bench.runs import MINUTE, START, folder, trace, truth

RULE = """\
title: Less similar
severity: warning
description: The first passage is less similar.
runbook: Look at the search.
layer: retrieval
condition: top1_similarity < 0.5
examples:
  positive: [{row: {top1_similarity: 0.2}}]
  negative: [{row: {top1_similarity: 0.6}}]
"""


def rules(tmp_path: Path, text: str = RULE) -> Source:
    made = tmp_path / "rules"
    made.mkdir()
    (made / "less_similar.yml").write_text(text)
    return Source(made)


def recorded(tmp_path: Path) -> list[Recording]:
    """Record healthy requests, and the last two again with worse passages."""
    home = tmp_path / "traffic"
    blocks = [
        (0, [trace(0), trace(1)], [truth(0), truth(1)]),
        (1, [trace(2), trace(3)], [truth(2), truth(3)]),
    ]
    folder(home / HEALTHY_FOLDER, blocks)
    hit = {"faults": {"misroute": 1.0}, "receipts": {"misroute": "impacted"}}
    worse = [trace(2, 0.3, "b"), trace(3, 0.3, "b")]
    folder(home / "ep", [(1, worse, [truth(2, "b", **hit), truth(3, "b", **hit)])])
    settings, stretch = Settings(home=tmp_path), Stretch(7, 2, 2)
    return [
        Recording(settings, stretch, "misroute", 1.0, home / "ep"),
        Recording(settings, stretch, None, 0.0, home / HEALTHY_FOLDER),
    ]


def test_rules_watch_every_recording_and_baselines_watch_with_them(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    (seen,) = watch_all(
        recorded(tmp_path), [rules(tmp_path)], Programs(), 1, lambda *done: told.append(done)
    )
    faulty, healthy = seen.watched
    assert (faulty.episode.kind, healthy.episode.kind) == ("silent", "healthy")
    assert faulty.tracks["less_similar"].alarms == (2,)
    assert healthy.tracks["less_similar"].alarms == ()
    assert {"never", "always", "random", "less_similar"} <= seen.infos.keys()
    assert told == [(1, 2), (2, 2)]


def test_a_rule_with_a_mistake_is_named_and_the_others_watch(tmp_path: Path) -> None:
    source = rules(tmp_path)
    assert source.folder is not None
    (source.folder / "broken.yml").write_text(RULE.replace("top1_similarity < 0.5", "nothing < 1"))
    (seen,) = watch_all(recorded(tmp_path)[:1], [source], Programs(), 1)
    assert [problem.file.name for problem in seen.problems if "broken" in problem.message]
    assert seen.watched[0].tracks["less_similar"].alarms == (2,)


def test_two_sets_of_rules_watch_the_same_episodes(tmp_path: Path) -> None:
    one = rules(tmp_path)
    other = tmp_path / "other"
    other.mkdir()
    (other / "never_similar.yml").write_text(RULE.replace("< 0.5", "< 0.1"))
    first, second = watch_all(recorded(tmp_path), [one, Source(other)], Programs(), 1)
    assert [w.episode.id for w in first.watched] == [w.episode.id for w in second.watched]
    assert second.watched[0].tracks["never_similar"].alarms == ()


def test_a_recording_whose_owner_names_an_onset_is_watched_too(tmp_path: Path) -> None:
    made = folder(
        tmp_path / "run",
        [(0, [trace(0), trace(1), trace(2, 0.2)], [truth(0), truth(1), truth(2)])],
    )
    run = LabelledRun(made.path, onset_ns=START + 2 * MINUTE)
    (seen,) = watch_runs([run], [rules(tmp_path)], Programs())
    (watched,) = seen.watched
    assert (watched.episode.onset, watched.tracks["less_similar"].alarms) == (2, (2,))


def test_requests_without_a_label_and_labels_without_a_request_are_told(tmp_path: Path) -> None:
    made = folder(
        tmp_path / "run",
        [(0, [trace(0), trace(1), trace(2, 0.2)], [truth(0), truth(1), truth(2)])],
    )
    ids = [trace(number)[0].trace_id for number in range(2)]
    all_of_it = {each: Label() for each in (*ids, trace(2)[0].trace_id)}
    some = {**{each: Label() for each in ids}, "f" * 32: Label(fault="misroute")}
    (seen,) = watch_runs([LabelledRun(made.path, some)], [rules(tmp_path)], Programs())
    assert seen.notes == (
        f"{made.path}: 1 of 3 requests have no label; left out",
        f"labels: 1 are of traces that no recording has, e.g. {'f' * 32}",
    )
    (seen,) = watch_runs([LabelledRun(made.path, all_of_it)], [seen.source], Programs())
    assert not seen.notes


def test_without_prometheus_its_rules_are_named_and_the_others_watch(tmp_path: Path) -> None:
    source = rules(tmp_path)
    assert source.folder is not None
    (source.folder / "alerts.yml").write_text(
        "groups: [{name: g, rules: [{alert: A, expr: up == 0}]}]"
    )
    nowhere = Programs("no-such-prometheus", "no-such-promtool")
    (seen,) = watch_all(recorded(tmp_path)[:1], [source], nowhere, 1)
    assert any("alerts.yml: left out" in problem.message for problem in seen.problems)
    assert seen.watched[0].tracks["less_similar"].alarms == (2,)
