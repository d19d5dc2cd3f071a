import json
from pathlib import Path
from typing import get_args

import jsonschema
import pytest

from faults.errors import PlanError
from faults.plan import ActiveFault
from services.lab.items import ALL_WORDINGS, KNOWN_WORDINGS
from services.lab.runs.errors import ScenarioError
from services.lab.runs.fields import seconds_of, text_of
from services.lab.runs.scenario import Wording, changed
from services.lab.runs.scenario_file import (
    dump_scenario,
    load_scenario,
    of_faults,
    parse_scenario,
    schema,
    shipped,
)
from services.lab.runs.worker import run_key
from tests.project import ROOT

PUBLISHED = ROOT / "docs" / "scenario.schema.json"

WRONG = """\
sed: 7
traffic:
  start: 2026-06-30
  duration: 1h
  requests_per_hour: {8: 5, 25: 3}
  questions: {families: {invoic: 1}, wordings: [w9]}
arms:
  Bad Name: {}
  a:
    faults:
      - id: chunks_tin
        severity: 1.5
        onset: 20m
        end: 10m
        remp: 3
      - id: misroute
      - id: misroute
        onset: 90m
steady_state:
  window: 2h
  probes:
    - {name: x, measure: accurac, tolerance: {range: [1, 0]}}
"""


def mistakes(text: str) -> list[str]:
    with pytest.raises(ScenarioError) as caught:
        parse_scenario(text, "s.yml")
    return str(caught.value).splitlines()


@pytest.mark.parametrize(
    ("text", "seconds"), [("90s", 90), ("20m", 1200), ("1h30m", 5400), ("1d", 86_400), (12.5, 12.5)]
)
def test_a_duration_is_read_in_its_units(text: str | float, seconds: float) -> None:
    assert seconds_of(text) == seconds
    assert seconds_of(text_of(seconds)) == seconds


@pytest.mark.parametrize("text", ["", "soon", "20", "20 minutes", True, None, "m"])
def test_what_is_no_duration_is_refused(text: object) -> None:
    with pytest.raises(ValueError, match="is no duration"):
        seconds_of(text)


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_can_be_read_written_and_read_again(name: str) -> None:
    scenario = load_scenario(name)
    assert scenario.title
    assert parse_scenario(dump_scenario(scenario)) == scenario


def test_all_mistakes_are_told_at_once_with_their_lines() -> None:
    found = mistakes(WRONG)
    lines = [int(line.split(":")[1]) for line in found]
    assert lines == sorted(lines)
    expected = [
        (1, "sed is not a field here; did you mean seed?"),
        (3, "traffic.start is a day without a time"),
        (5, "less than or equal to 23"),
        (6, "traffic.questions.families.invoic is no family of questions; did you mean"),
        (6, "wordings[0]"),
        (8, "arms.Bad Name"),
        (11, "did you mean chunks_tiny"),
        (12, "less than or equal to 1"),
        (14, "end is not after the onset"),
        (15, "remp is not a field here; did you mean ramp?"),
        (17, "the same fault as in faults[1]"),
        (18, "onset is after the traffic"),
        (20, "window is longer than the traffic"),
        (22, "measure"),
        (22, "range has 1 before 0"),
    ]
    assert len(found) == len(expected)
    for (line, text), told in zip(expected, found, strict=True):
        assert told.startswith(f"s.yml:{line}: ")
        assert text in told


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "s.yml:1: is no scenario"),
        ("- a\n", "s.yml:1: is no scenario"),
        ("arms: {a: {}\n", "s.yml:2: is no YAML"),
        ("arms:\n  a: {}\n  a: {}\n", "s.yml:3: arms.a stands here for the second time"),
        ("seed: 7\n", "s.yml:1: arms is missing"),
        ("arms: {a: {}}\ntraffic: {requests_per_hour: 0}\n", "s.yml:2: traffic.requests_per_hour"),
        ("arms: {a: {}}\nseed: -1\n", "s.yml:2: seed"),
        ("arms: &a\n  a: *a\n", "s.yml: holds something that contains itself; write out"),
        ("arms: [a]\n", "s.yml:1: arms must have fields; write {field: value}"),
        ("arms: {a: x}\n", "s.yml:1: arms.a must have fields; write {field: value}"),
        ("arms: {on: {}}\n", "s.yml:1: arms[1] must be a text; put it into quotes"),
        ("arms: {a: {faults: [{id: 7}]}}\n", "s.yml:1: arms.a.faults[0].id must be a text"),
        ("arms: {a: {faults: x}}\n", "s.yml:1: arms.a.faults must be a list; write [a, b]"),
        (
            "arms: {a: {}}\ntraffic: {start: 9999-12-31T23:00:00Z}\n",
            "s.yml:2: traffic.start is not between 1970 and 2200; write e.g. 2026-06-30T08:00:00Z "
            "(it is 9999-12-31 23:00:00+00:00)",
        ),
        (
            "arms: {a: {}}\ntraffic: {start: 1600-12-31T23:00:00Z}\n",
            "s.yml:2: traffic.start is not between",
        ),
        (f"traffic: {{duration: {10**400}}}\narms: {{a: {{}}}}\n", "s.yml:1: traffic.duration"),
    ],
)
def test_a_single_mistake_is_told_with_its_line(text: str, told: str) -> None:
    assert mistakes(text)[0].startswith(told)


def test_a_scenario_that_is_not_there_is_told_with_those_that_are() -> None:
    with pytest.raises(ScenarioError, match="did you mean healthy_hour"):
        load_scenario("healthy_hours")
    with pytest.raises(ScenarioError, match="cannot be read"):
        load_scenario("no/such/file.yml")


def test_times_of_a_plan_count_from_the_start_of_the_traffic() -> None:
    scenario = parse_scenario(
        "traffic: {start: 2026-01-01T00:00:00Z}\n"
        "arms: {a: {faults: [{id: misroute, severity: 0.5, onset: 10m, end: 20m, share: 0.3}]}}\n"
    )
    (planned,) = scenario.plans()["a"].faults
    start = 1_767_225_600 * 10**9
    assert planned.fault == ActiveFault("misroute", 0.5)
    assert (planned.begins_ns, planned.ends_ns) == (start + 600 * 10**9, start + 1200 * 10**9)
    assert planned.share == 0.3


def test_shares_of_documents_and_vendors_are_those_of_the_arms_fault() -> None:
    text = "arms: {a: {faults: [{id: ocr_noise, documents: 0.4, vendors: 0.3}]}}\n"
    scenario = parse_scenario(text)

    (planned,) = scenario.plans()["a"].faults
    assert planned.fault == ActiveFault("ocr_noise", documents=0.4, vendors=0.3)
    assert parse_scenario(dump_scenario(scenario)) == scenario


def test_shares_of_1_leave_a_scenarios_text_and_the_key_of_its_run_as_they_are() -> None:
    plain = parse_scenario("arms: {a: {faults: [{id: ocr_noise, severity: 0.5}]}}\n")
    explicit = parse_scenario(
        "arms: {a: {faults: [{id: ocr_noise, severity: 0.5, documents: 1, vendors: 1.0}]}}\n"
    )
    part = parse_scenario("arms: {a: {faults: [{id: ocr_noise, severity: 0.5, vendors: 0.9}]}}\n")

    assert dump_scenario(explicit) == dump_scenario(plain)
    assert "vendors" not in dump_scenario(plain)
    assert run_key(explicit) == run_key(plain) == "03f846664e436d2a333460ee"
    assert run_key(part) != run_key(plain)


def test_shares_of_documents_for_other_faults_are_told_with_their_lines() -> None:
    text = (
        "arms:\n  a:\n    faults:\n      - id: misroute\n        documents: 0.3\n"
        "        vendors: 1\n      - {id: placebo,\n         vendors: 0}\n"
        "      - id: chunks_tiny\n        vendors: 1.2\n"
    )
    told = "is for faults of the documents and of the chunker alone; give others a share"
    found = mistakes(text)
    assert [line.split(" of the requests")[0] for line in found[:2]] == [
        f"s.yml:5: arms.a.faults[0].documents {told}",
        f"s.yml:8: arms.a.faults[1].vendors {told}",
    ]
    assert found[2].startswith("s.yml:10: arms.a.faults[2].vendors input should be less than")
    assert len(found) == 3


def test_a_start_without_a_zone_is_utc() -> None:
    one = parse_scenario("traffic: {start: 2026-01-01T00:00:00}\narms: {a: {}}\n")
    other = parse_scenario("traffic: {start: 2026-01-01T01:00:00+01:00}\narms: {a: {}}\n")
    quoted = parse_scenario('traffic: {start: "2026-01-01T00:00:00"}\narms: {a: {}}\n')
    assert one.start_ns == other.start_ns == quoted.start_ns


def test_rates_hold_by_the_hour_in_utc_whatever_the_zone_of_the_start() -> None:
    rates = "duration: 3h, requests: 60, requests_per_hour: {0: 0, 7: 10, 8: 0}"
    begun = [
        parse_scenario(f"traffic: {{start: {start}, {rates}}}\narms: {{a: {{}}}}\n")
        for start in ("2026-06-30T06:00:00Z", "2026-06-30T08:00:00+02:00")
    ]
    assert begun[0] == begun[1]
    assert run_key(begun[0]) == run_key(begun[1])
    assert begun[1].traffic.start.hour == 6


def test_requests_and_seed_can_be_changed() -> None:
    scenario = load_scenario("healthy_hour")
    other = changed(scenario, 50, 3)
    assert (other.traffic.requests, other.seed) == (50, 3)
    assert changed(scenario, None, None) == scenario


def test_each_fault_is_an_arm_of_its_own() -> None:
    scenario = of_faults(["misroute", "chunks_tiny=0.5"])
    assert list(scenario.arms) == ["misroute", "chunks_tiny-0-5"]
    assert parse_scenario(dump_scenario(scenario)) == scenario
    with pytest.raises(PlanError):
        of_faults(["no_such_fault"])


def test_the_published_schema_is_that_of_the_code() -> None:
    assert json.loads(PUBLISHED.read_text(encoding="utf-8")) == schema(), (
        "write it anew: python -m services.lab.runs.publish_schema"
    )


@pytest.mark.parametrize("name", shipped())
def test_a_shipped_scenario_keeps_to_the_published_schema(name: str) -> None:
    import yaml  # noqa: PLC0415

    text = Path(ROOT / "faults" / "scenarios" / f"{name}.yml").read_text(encoding="utf-8")
    data = json.loads(json.dumps(yaml.safe_load(text), default=str))
    jsonschema.validate(data, json.loads(PUBLISHED.read_text(encoding="utf-8")))


def test_the_schema_refuses_what_the_program_refuses() -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"arms": {"a": {"fault": []}}}, schema())


def test_a_scenario_knows_the_wordings_that_there_are_and_holds_the_same_back() -> None:
    assert get_args(Wording) == ALL_WORDINGS
    assert load_scenario("healthy_hour").traffic.questions.wordings == KNOWN_WORDINGS


def test_a_scenario_is_named_with_hyphens_as_well() -> None:
    assert load_scenario("vendor-x-delayed") == load_scenario("vendor_x_delayed")


UNEXPECTED = """\
traffic: {duration: 1h}
arms: {a: {}, b: {}}
expect:
  - name: one
    arm: c
    measure: accuracy
    of: [x]
    published: 1
    tolerance: {type: points}
  - name: one
    arm: a
    measure: answer_says
    after: 2h
    families: [invoic]
    published: 1
    tolerance: {type: at_least, value: 3}
  - name: three
    arm: a
    measure: tokens
    after: 20m
    before: 10m
    against: {compare: ratio}
    published: 1
    tolerance: {type: percent, value: 15}
settings: {home: /}
"""


def test_expectations_that_cannot_be_are_told_with_their_lines() -> None:
    expected = [
        (5, "arm is no arm; there are a, b"),
        (7, "of means nothing to accuracy"),
        (9, "needs to know how many points"),
        (10, "name is that of expect[0] too"),
        (12, "say in `of` for what"),
        (13, "after is after the traffic"),
        (14, "did you mean invoice"),
        (16, "value means nothing to at_least"),
        (21, "before is not later"),
        (22, "compares a number with itself"),
        (25, "home is not a field here"),
    ]
    found = mistakes(UNEXPECTED)
    for line, text in expected:
        assert any(told.startswith(f"s.yml:{line}: ") and text in told for told in found), text
    assert {int(told.split(":")[1]) for told in found} == {line for line, _ in expected}


CONTRADICTING = """\
arms:
  both:
    faults:
      - id: rerank_inverted
        end: {end}
      - id: misroute
      - id: rerank_skipped
        onset: 30m
"""


def test_faults_that_contradict_each_other_are_told_with_the_second_ones_line() -> None:
    assert mistakes(CONTRADICTING.format(end="31m")) == [
        "s.yml:7: arms.both.faults[2].id contradicts rerank_inverted in faults[0]: wherever "
        "rerank_skipped has its way, nothing is left of rerank_inverted; give each an arm of its "
        "own, or times that do not overlap"
    ]


def test_faults_that_follow_one_another_may_contradict_each_other() -> None:
    assert parse_scenario(CONTRADICTING.format(end="30m")).arms["both"].faults[2].onset == 1800
