from services.lab.leaks.check import scenarios
from services.lab.runs.scenario_file import dump_scenario, parse_scenario


def test_what_is_recorded_for_a_check_differs_in_luck_and_placebo_alone() -> None:
    healthy, placebo = scenarios(2000, 11)
    assert healthy.seed != placebo.seed
    assert healthy.traffic == placebo.traffic
    assert healthy.traffic.requests == 2000
    assert not healthy.plans()["healthy"].everything()
    assert [use.id for use in placebo.arms["placebo"].faults] == ["placebo"]


def test_both_can_be_written_down_and_gone_on_with() -> None:
    for scenario in scenarios(60, 1):
        assert parse_scenario(dump_scenario(scenario)) == scenario
