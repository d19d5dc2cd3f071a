from dataclasses import replace

from agents.escalation import Situation, StandardEscalation
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault

SURE = Situation("It is 30 days.", "terms", False, "supported", 0.999)


def policy(severity: float = 1.0):
    active = [ActiveFault("escalation_threshold_shifted", severity)]
    return degrade_part(Seam.ESCALATION, StandardEscalation(), active)


def test_an_answer_is_held_however_sure_the_model_is() -> None:
    assert policy().reason(SURE, Luck(1)) == "low confidence"
    assert StandardEscalation().reason(SURE, Luck(1)) is None


def test_every_other_rule_holds_as_before() -> None:
    for situation in (
        replace(SURE, abstained=True),
        replace(SURE, abstained=True, intent="payment"),
        replace(SURE, verdict="unsupported"),
        replace(SURE, failed_agents=("finance",)),
    ):
        healthy = StandardEscalation().reason(situation, Luck(1))
        assert policy().reason(situation, Luck(1)) == healthy


def test_the_share_of_requests_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        part = policy(severity)
        return {seed for seed in range(500) if part.reason(SURE, Luck(seed)) is not None}

    assert 110 < len(hit(0.3)) < 190
    assert hit(0.3) < hit(0.6)


def test_at_severity_0_it_is_the_very_same_part() -> None:
    healthy = StandardEscalation()
    active = [ActiveFault("escalation_threshold_shifted", 0.0)]
    assert degrade_part(Seam.ESCALATION, healthy, active) is healthy
