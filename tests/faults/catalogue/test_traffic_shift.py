from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from services.lab.mix import QuestionMix, SteadyMix

FAMILIES = {f"family_{number}": 1.0 for number in range(90)}
USUAL = SteadyMix(FAMILIES)


def shifted(severity: float = 1.0) -> QuestionMix:
    return degrade_part(Seam.TRAFFIC, USUAL, [ActiveFault("traffic_shift", severity)])


def test_some_families_are_asked_more_often_some_less_and_none_never() -> None:
    weights = shifted().weights(Luck(1))
    assert weights.keys() == FAMILIES.keys()
    for factor in (8.0, 1.0, 1 / 8):
        assert 15 < sum(weight == factor for weight in weights.values()) < 45


def test_the_new_askers_all_ask_of_the_same_things() -> None:
    assert shifted().weights(Luck(1)) == shifted().weights(Luck(2))


def test_a_share_of_requests_is_theirs_and_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        mix = shifted(severity)
        return {seed for seed in range(400) if mix.weights(Luck(seed)) != FAMILIES}

    assert 85 < len(hit(0.3)) < 155
    assert hit(0.3) < hit(0.6)


def test_at_severity_0_the_mix_is_the_very_same() -> None:
    assert shifted(0.0) is USUAL
