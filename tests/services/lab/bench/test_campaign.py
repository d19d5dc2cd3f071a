import pytest

from faults.fault import Kind
from faults.registry import catalogue
from observability.signals.signal import load_signals
from services.lab.bench.blindness import _SIGNALS, blind_signals
from services.lab.bench.campaign import (
    HEALTHY_SEEDS,
    QUIET_SEEDS,
    SEALED_SEEDS,
    TUNING_SEEDS,
    Stretch,
    everything,
    held_out,
    quick_campaign,
)
from services.lab.bench.quality import JUDGED_SIGNALS


def test_a_third_of_the_silent_faults_is_held_out_and_nothing_else() -> None:
    silent = {e.fault.id for e in catalogue() if e.fault.kind is Kind.SILENT}
    assert held_out() < silent
    assert len(held_out()) == round(len(silent) / 3)


def test_the_draw_was_made_once_and_stays() -> None:
    assert held_out(["misroute", "chunks_tiny"]) == {"misroute"}


def test_no_seed_serves_two_purposes() -> None:
    seeds = (*SEALED_SEEDS, *TUNING_SEEDS, *HEALTHY_SEEDS, *QUIET_SEEDS)
    assert len(set(seeds)) == len(seeds)


def test_a_control_is_tried_at_the_highest_severity_alone() -> None:
    campaign = everything()
    assert campaign.severities_of("placebo") == (1.0,)
    assert campaign.severities_of("chunks_tiny") == (0.2, 0.6, 1.0)


def test_the_quick_campaign_needs_no_index_of_its_own() -> None:
    from services.lab.switching import INDEXED  # noqa: PLC0415

    seams = {catalogue().get(fault).seam for fault in quick_campaign().faults}
    assert not seams & INDEXED


def test_a_stretch_with_a_fault_asks_what_the_healthy_one_asks() -> None:
    healthy, faulty = Stretch(5).scenario(), Stretch(5).scenario("misroute", 0.6)
    assert faulty.traffic == healthy.traffic
    assert faulty.seed == healthy.seed
    (planned,) = faulty.plans()["episode"].faults
    assert (planned.fault.id, planned.fault.severity, planned.begins_ns) == (
        "misroute",
        0.6,
        faulty.start_ns,
    )


def test_what_the_catalogue_says_in_words_is_a_signal_that_exists() -> None:
    named = {signal for signals in _SIGNALS.values() for signal in signals}
    assert named <= load_signals().keys()
    assert named <= JUDGED_SIGNALS.keys()
    assert JUDGED_SIGNALS.keys() <= load_signals().keys()


@pytest.mark.parametrize(
    ("words", "signals"),
    [
        (["groundedness", "latency"], ("groundedness", "latency")),
        (["status codes"], ("status_code", "error_spans")),
        (["the weather"], ("the weather",)),
    ],
)
def test_words_for_the_same_signal_are_one(words: list[str], signals: tuple[str, ...]) -> None:
    assert blind_signals(words) == signals
