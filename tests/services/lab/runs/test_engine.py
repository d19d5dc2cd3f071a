"""Whole runs of a very small company: the same bytes whichever way they come about."""

import pickle
from pathlib import Path

import pytest

from observability.recording.errors import FolderNotEmptyError, TruthMissingError
from observability.recording.exporting import export_otlp_json
from observability.recording.importing import import_lines
from observability.recording.run_folder import RunFolder
from services.lab.leaks.scan import scan, sealed_words
from services.lab.runs.blocks import BlockTask, run_block
from services.lab.runs.engine import Engine, Ran, begin, reopen
from services.lab.runs.errors import ResumeError
from services.lab.runs.expecting import Expectation
from services.lab.runs.scenario import Scenario
from services.lab.runs.scenario_file import parse_scenario
from services.lab.runs.summary import as_json, summarise
from services.lab.runs.worker import close_worker, run_key
from services.settings import Settings

BLOCK = 4
SCENARIO = parse_scenario(
    """
seed: 5
traffic:
  duration: 10m
  requests: 14
  sessions: {questions: 1.4, pause: 20s}
  questions: {families: {invoice_total: 2, invoice_net: 1}}
arms:
  incident: {faults: [{id: misroute, onset: 5m}]}
second_luck: 1.0
steady_state:
  window: 5m
  probes:
    - {name: nothing fails, measure: error_rate, tolerance: {range: [0, 0.5]}}
"""
)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    return Settings(home=tmp_path_factory.mktemp("home"), vendors=2, invoices=6)


def completed(scenario: Scenario, settings: Settings, path: Path, workers: int = 1) -> Ran:
    folder = begin(scenario, settings, path)
    return Engine(folder, scenario, settings, workers, block=BLOCK).run()


@pytest.fixture(scope="module")
def whole(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    return completed(SCENARIO, settings, tmp_path_factory.mktemp("runs") / "whole")


def content(path: Path) -> dict[str, bytes]:
    return {
        file.relative_to(path).as_posix(): file.read_bytes()
        for file in sorted(path.rglob("*"))
        if file.is_file()
    }


def test_a_run_records_every_request_with_its_truth(whole: Ran) -> None:
    folder = whole.folder
    truth = list(folder.truth())
    assert whole.complete
    assert [one.number for one in truth] == list(range(14))
    traces = {span.trace_id for span in folder.spans()}
    assert traces == {one.trace_id for one in truth}
    assert {row.trace_id for row in folder.requests()} == traces
    assert folder.manifest.state == "complete"
    folder.verify()


def test_requests_before_the_onset_have_no_twin_and_later_ones_do(whole: Ran) -> None:
    start = {row.trace_id: row.start_ns for row in whole.folder.requests()}
    onset = SCENARIO.start_ns + 300 * 10**9
    twins = {span.trace_id for span in whole.folder.twins()}
    for one in whole.folder.truth():
        late = start[one.trace_id] >= onset
        assert one.faults == ({"misroute": 1.0} if late else {})
        assert (one.twin in twins) if late else (one.receipts == {"misroute": "not_selected"})


def test_whatever_has_a_twin_was_asked_with_other_luck_too(whole: Ran) -> None:
    for one in whole.folder.truth():
        assert (one.luck_differs is None) == (one.luck_correct is None) == (one.twin is None)


def test_what_was_hit_first_differs_where_the_route_is_chosen(whole: Ran) -> None:
    culprits = {
        (one.culprit_layer, one.culprit_seam)
        for one in whole.folder.truth()
        if one.receipts["misroute"] in ("witnessed", "impacted")
    }
    assert culprits == {("routing and agents", "routes")}


def test_nothing_outside_the_seal_tells_what_was_run(whole: Ran) -> None:
    words = sealed_words(whole.folder)
    assert {"misroute", "incident", "placebo"} <= set(words)
    assert scan(whole.folder, words) == []


def test_what_is_exported_comes_in_as_the_same_recording(whole: Ran, tmp_path: Path) -> None:
    export_otlp_json(whole.folder, tmp_path / "run.jsonl")
    import_lines(tmp_path / "run.jsonl", tmp_path / "again", {"stillgreen": "1"})
    after = RunFolder.open(tmp_path / "again").manifest
    assert after.content == whole.folder.manifest.content
    assert after.counts == whole.folder.manifest.counts
    assert after.resources == whole.folder.manifest.resources


def test_blocks_in_another_order_and_a_resumed_run_make_the_same_bytes(
    whole: Ran, settings: Settings, tmp_path: Path
) -> None:
    path = tmp_path / "resumed"
    begin(SCENARIO, settings, path)
    close_worker()
    for number in (2, 0):
        task = pickle.loads(pickle.dumps(BlockTask(path, settings, SCENARIO, number, BLOCK)))
        run_block(task)
    folder, scenario = reopen(path, settings)
    ran = Engine(folder, scenario, settings, block=BLOCK).run()
    assert ran.progress.before > 0
    assert content(path) == content(whole.folder.path)


def test_what_one_session_learns_of_another_does_not_depend_on_the_blocks_before(
    settings: Settings, tmp_path: Path
) -> None:
    scenario = parse_scenario(
        """
seed: 5
traffic:
  requests: 12
  duration: 1m
  sessions: {questions: 3, pause: 60s, follow_ups: 1}
  questions: {families: {invoice_total: 1, follow_up_due_date: 1, follow_up_invoice_net: 1}}
arms:
  bleeds: {faults: [{id: memory_bleed}]}
"""
    )
    forwards, backwards = tmp_path / "forwards", tmp_path / "backwards"
    for path, order in ((forwards, 1), (backwards, -1)):
        begin(scenario, settings, path)
        for number in (0, 1)[::order]:
            run_block(BlockTask(path, settings, scenario, number, 2))
    close_worker()
    truth = [dict(one.receipts) for one in RunFolder.open(forwards).truth()]
    assert {"memory_bleed": "impacted"} in truth
    assert content(forwards) == content(backwards)


def test_the_number_of_workers_does_not_show(
    whole: Ran, settings: Settings, tmp_path: Path
) -> None:
    completed(SCENARIO, settings, tmp_path / "two", workers=2)
    assert content(tmp_path / "two") == content(whole.folder.path)


def test_a_healthy_arm_is_the_twin_of_the_others(settings: Settings, tmp_path: Path) -> None:
    scenario = SCENARIO.model_copy(
        update={
            "arms": parse_scenario("arms: {quiet: {}, control: {faults: [{id: placebo}]}}").arms,
            "traffic": SCENARIO.traffic.model_copy(update={"requests": 4}),
        }
    )
    ran = completed(scenario, settings, tmp_path / "run")
    truth = list(ran.folder.truth())
    healthy = {one.number: one.trace_id for one in truth if one.arm == "quiet"}
    control = [one for one in truth if one.arm == "control"]
    assert [one.twin for one in control] == [healthy[one.number] for one in control]
    assert {receipt for one in control for receipt in one.receipts.values()} == {"applied"}
    assert not list(ran.folder.twins())


def test_noise_of_serving_repeats_with_a_run_and_is_the_same_for_a_twin(
    settings: Settings, tmp_path: Path
) -> None:
    noisy = settings.model_copy(update={"llm_serving_noise": 8.0})
    scenario = SCENARIO.model_copy(
        update={"arms": parse_scenario("arms: {control: {faults: [{id: placebo}]}}").arms}
    )
    first = completed(scenario, noisy, tmp_path / "first")
    begin(scenario, noisy, tmp_path / "second")
    for number in reversed(range(len(first.folder.done_blocks()))):
        run_block(BlockTask(tmp_path / "second", noisy, scenario, number, BLOCK))
    second = Engine(*reopen(tmp_path / "second", noisy), noisy, block=BLOCK).run()
    assert content(second.folder.path) == content(first.folder.path)
    receipts = {r for one in first.folder.truth() for r in one.receipts.values()}
    assert receipts == {"applied"}
    # With luck as before and the noise apart, the same questions are answered otherwise.
    calm = completed(scenario, settings, tmp_path / "calm")
    assert [one.given for one in calm.folder.truth()] != [one.given for one in first.folder.truth()]


def test_the_summary_counts_receipts_and_gives_a_verdict(whole: Ran) -> None:
    found = as_json(summarise(whole.folder, whole.scenario))
    (arm,) = found["arms"]
    assert arm["requests"] == 14
    assert sum(arm["faults"][0]["counts"].values()) == 14
    assert found["steady_state"]["verdict"] == "kept"


def test_nothing_is_overwritten(whole: Ran, settings: Settings) -> None:
    with pytest.raises(FolderNotEmptyError, match="nothing is overwritten"):
        begin(SCENARIO, settings, whole.folder.path)


def test_a_run_without_its_seal_cannot_be_gone_on_with(settings: Settings, tmp_path: Path) -> None:
    begin(SCENARIO, settings, tmp_path / "run")
    (tmp_path / "run" / "sealed").rename(tmp_path / "elsewhere")
    with pytest.raises(TruthMissingError, match="Put it back"):
        reopen(tmp_path / "run", settings)


def test_a_run_of_another_version_cannot_be_gone_on_with(
    settings: Settings, tmp_path: Path
) -> None:
    RunFolder.create(tmp_path / "run", "r", {"stillgreen": "0.0.1"})
    with pytest.raises(ResumeError, match=r"begun by version 0\.0\.1"):
        reopen(tmp_path / "run", settings)


def test_a_run_with_other_settings_cannot_be_gone_on_with(
    settings: Settings, tmp_path: Path
) -> None:
    begin(SCENARIO, settings, tmp_path / "run")
    for change in ({"vendors": 3}, {"llm_serving_noise": 1.0}, {"llm_model": "sim-hasty"}):
        with pytest.raises(ResumeError, match=f"STILLGREEN_{next(iter(change)).upper()}="):
            reopen(tmp_path / "run", settings.model_copy(update=change))
    elsewhere = settings.model_copy(update={"threads": 2, "log_level": "INFO"})
    assert reopen(tmp_path / "run", elsewhere)[1] == SCENARIO


def test_a_scenario_brings_settings_along_and_is_resumed_without_them(
    settings: Settings, tmp_path: Path
) -> None:
    traffic = {"requests": 4, "questions": {"families": {"payment_terms": 1}}}
    slow = Scenario.model_validate(
        {
            "traffic": traffic,
            "arms": {"a": {}},
            "settings": {"query_seconds": 2.0, "rerank_seconds": 3.0},
        }
    )
    ran = completed(slow, settings, tmp_path / "slow")
    took = {
        name: [span.duration_ms / 1000 for span in ran.folder.spans() if span.name == name]
        for name in ("query finance", "stillgreen.rerank")
    }
    # A stage's luck makes it at most a few times the median, and about the median in the mean.
    assert 1.2 < sum(took["query finance"]) / len(took["query finance"]) < 3.5
    assert 1.8 < sum(took["stillgreen.rerank"]) / len(took["stillgreen.rerank"]) < 5
    assert ran.folder.read_seal().settings["query_seconds"] == 2.0
    _, again = reopen(ran.folder.path, settings)
    assert again == slow


def test_what_is_expected_decides_nothing_of_a_run() -> None:
    expecting = SCENARIO.model_copy(
        update={
            "expect": (
                Expectation.model_validate(
                    {
                        "name": "it",
                        "arm": "incident",
                        "measure": "accuracy",
                        "published": 1,
                        "tolerance": {"type": "at_least"},
                    }
                ),
            )
        }
    )
    assert expecting != SCENARIO
    assert run_key(expecting) == run_key(SCENARIO)
