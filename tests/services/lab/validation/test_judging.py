from functools import partial

from faults.fault import Claim, Kind, Layer
from services.lab.validation.judging import judge_fault
from tests.services.lab.validation.fakes import cells, fault, request

FALLING = (0.9, 0.7, 0.5)


def test_a_fault_that_spoils_answers_in_silence_holds() -> None:
    judged = judge_fault(fault(), cells(FALLING))
    assert judged.holds
    assert judged.claimed.value == 0.5
    assert judged.layer_agrees.value == 1.0


def test_a_fault_without_effect_falls_short() -> None:
    judged = judge_fault(fault(), cells((1.0, 1.0), make=partial(request, receipt="applied")))
    assert any("impacted" in problem for problem in judged.problems)
    assert any("not worse" in problem for problem in judged.problems)


def test_a_fault_that_fails_requests_is_not_silent() -> None:
    judged = judge_fault(fault(), cells(FALLING, make=partial(request, status=500)))
    assert any("not silent" in problem for problem in judged.problems)


def test_a_slow_fault_is_seen_by_latency() -> None:
    judged = judge_fault(fault(), cells(FALLING, make=partial(request, latency=200.0)))
    assert any("p95" in problem for problem in judged.problems)


def test_a_fault_that_claims_cost_is_judged_by_cost() -> None:
    dear = cells((1.0, 1.0), make=partial(request, cost=4.0))
    assert judge_fault(fault(claim=Claim("cost", "higher")), dear).worse
    assert not judge_fault(fault(), dear).worse


def test_an_effect_that_goes_back_and_forth_falls_short() -> None:
    judged = judge_fault(fault(), cells((0.3, 0.9, 0.5)))
    assert any("severity" in problem for problem in judged.problems)


def test_a_loud_fault_must_be_seen() -> None:
    assert not judge_fault(fault(Kind.LOUD), cells(FALLING)).holds
    assert judge_fault(fault(Kind.LOUD), cells(FALLING, make=partial(request, status=500))).holds


def test_a_control_that_changes_answers_falls_short() -> None:
    assert judge_fault(fault(Kind.CONTROL), cells((1.0, 1.0))).holds
    assert not judge_fault(fault(Kind.CONTROL), cells((0.9, 0.5))).holds


def test_the_culprit_of_another_layer_does_not_agree() -> None:
    assert judge_fault(fault(layer=Layer.MEMORY), cells(FALLING)).layer_agrees.value == 0.0


def test_requests_that_do_not_use_the_part_do_not_count() -> None:
    judged = judge_fault(
        fault(), cells(FALLING, make=lambda n, right: request(n, right, exposed=n >= 100))
    )
    assert judged.exposed == 100
    assert judged.claimed.value == 0.0
