from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from statistics import mean

import pytest

from corpus.ledger import World, WorldSettings, generate
from corpus.ledger.kinds import HoldKind
from corpus.questions import FOLLOW_UP, build_follow_ups, build_questions
from faults.plan import ActiveFault, FaultPlan, PlannedFault, parse_plan
from services.lab.runs.errors import ScenarioError
from services.lab.runs.scenario import Scenario
from services.lab.runs.traffic import Asked, Session, TrafficPlan

HOUR_NS = 3_600 * 10**9


@pytest.fixture(scope="module")
def world() -> World:
    return generate(WorldSettings(7, 4, 30))


def plan(world: World, seed: int = 7, **traffic: object) -> TrafficPlan:
    return TrafficPlan(
        Scenario.model_validate({"seed": seed, "traffic": traffic, "arms": {"a": {}}}), world
    )


def sessions(traffic: TrafficPlan) -> list[Session]:
    return [traffic.session(number) for number in range(traffic.sessions)]


def test_the_same_scenario_makes_the_same_traffic_in_whatever_order_it_is_asked(
    world: World,
) -> None:
    one, other = plan(world, requests=80), plan(world, requests=80)
    backwards = [other.session(n) for n in reversed(range(other.sessions))]
    described = [_described(session) for session in sessions(one)]
    assert described == [_described(session) for session in reversed(backwards)]


def test_another_seed_makes_other_traffic(world: World) -> None:
    one, other = plan(world, requests=80), plan(world, seed=8, requests=80)
    assert [_described(s) for s in sessions(one)] != [_described(s) for s in sessions(other)]


def test_there_are_as_many_requests_as_asked_for_numbered_in_order(world: World) -> None:
    traffic = plan(world, requests=123)
    numbers = [asked.number for session in sessions(traffic) for asked in session.requests]
    assert numbers == list(range(123))
    assert traffic.requests_in(range(traffic.sessions)) == 123
    half = traffic.sessions // 2
    assert traffic.requests_in(range(half)) == traffic.session(half).requests[0].number


def test_without_a_number_the_rates_decide_how_many_there_are(world: World) -> None:
    assert plan(world, duration="30m", requests_per_hour=120).requests == 60
    by_hour = plan(world, duration="3h", requests_per_hour={8: 100, 9: 0, 10: 20})
    assert by_hour.requests == 120


def test_requests_come_when_the_rates_say(world: World) -> None:
    traffic = plan(world, duration="3h", requests_per_hour={8: 300, 9: 0, 10: 100}, requests=400)
    begins = [session.requests[0].at_ns for session in sessions(traffic)]
    start = Scenario(arms={"a": {}}).start_ns  # type: ignore[dict-item]
    hours = Counter((at - start) // HOUR_NS for at in begins)
    assert begins == sorted(begins)
    assert set(hours) <= {0, 2}
    assert hours[0] / len(begins) == pytest.approx(0.75, abs=0.07)


def test_an_hour_named_holds_until_the_next_and_over_midnight(world: World) -> None:
    night = plan(
        world, start="2026-06-30T23:30:00Z", duration="1h", requests_per_hour={22: 60, 8: 10}
    )
    assert night.requests == 60


def test_sessions_have_the_mean_length_and_pause_asked_for(world: World) -> None:
    traffic = plan(world, requests=2000, sessions={"questions": 2.0, "pause": "30s"})
    lengths = [len(session.requests) for session in sessions(traffic)]
    pauses = [
        (b.at_ns - a.at_ns) / 1e9
        for session in sessions(traffic)
        for a, b in zip(session.requests, session.requests[1:], strict=False)
    ]
    assert mean(lengths) == pytest.approx(2.0, abs=0.15)
    assert mean(pauses) == pytest.approx(30, abs=3)


def test_people_are_as_many_as_asked_for(world: World) -> None:
    traffic = plan(world, requests=300, users=5)
    assert {session.user for session in sessions(traffic)} == {f"u-{n}" for n in range(5)}


def test_families_are_asked_by_their_weights_and_in_the_wordings_named(world: World) -> None:
    mix = {"families": {"invoice_total": 3, "invoice_net": 1}, "wordings": ["w1"]}
    traffic = plan(world, requests=800, questions=mix)
    items = [asked.item for session in sessions(traffic) for asked in session.requests]
    families = Counter(item.family for item in items)
    assert set(families) == {"invoice_total", "invoice_net"}
    assert families["invoice_total"] / 800 == pytest.approx(0.75, abs=0.05)
    assert {item.wording for item in items} == {"w1"}
    assert {item.text for item in items} <= set(traffic.texts())


def test_traffic_of_less_than_one_request_is_refused(world: World) -> None:
    with pytest.raises(ScenarioError, match="less than one request"):
        plan(world, duration="1s", requests_per_hour=1)


def test_a_shift_changes_what_is_asked_and_neither_who_nor_when_nor_luck(world: World) -> None:
    traffic = plan(world, requests=200)
    usual = sessions(traffic)
    shifted = traffic.under(parse_plan(["traffic_shift"]), usual)
    pairs = list(zip(_requests(usual), _requests(shifted), strict=True))
    assert all((a.number, a.at_ns, a.seed) == (b.number, b.at_ns, b.seed) for a, b in pairs)
    assert [session.user for session in usual] == [session.user for session in shifted]
    before, after = (Counter(a.item.family for a in _requests(s)) for s in (usual, shifted))
    assert len(after) < 0.8 * len(before)


def test_a_shift_comes_at_its_hour_and_for_its_share(world: World) -> None:
    traffic = plan(world, requests=200, duration="1h")
    usual = sessions(traffic)
    fault = ActiveFault("traffic_shift", 0.5)
    half_past = traffic.session(0).requests[0].at_ns // HOUR_NS * HOUR_NS + HOUR_NS // 2
    later = FaultPlan((PlannedFault(fault, begins_ns=half_past),))
    pairs = list(zip(_requests(usual), _requests(traffic.under(later, usual)), strict=True))
    changed = [a.at_ns for a, b in pairs if a.item.id != b.item.id]
    assert min(changed) >= half_past
    reached = sum(a.at_ns >= half_past for a, _ in pairs)
    assert 0.3 * reached < len(changed) < 0.6 * reached


def test_a_fault_of_the_application_leaves_the_traffic_alone(world: World) -> None:
    traffic = plan(world, requests=20)
    usual = sessions(traffic)
    assert traffic.under(parse_plan(["misroute", "placebo"]), usual) is usual


def _requests(asking: Sequence[Session]) -> list[Asked]:
    return [asked for session in asking for asked in session.requests]


def _described(session: Session) -> tuple[object, ...]:
    asked = [(one.number, one.at_ns, one.seed, one.item.id) for one in session.requests]
    return (session.number, session.user, *asked)


def test_further_questions_lean_on_the_one_before_as_often_as_asked_for(world: World) -> None:
    for share in (0.0, 0.5, 1.0):
        wanted = {"questions": 3.0, "follow_ups": share}
        traffic = plan(world, requests=900, sessions=wanted)
        further = [one.item for each in sessions(traffic) for one in each.requests[1:]]
        leaning = sum(bool(item.before) for item in further) / len(further)
        # Of a policy, and of what nobody asks anything else about, there is no follow-up.
        assert share * 0.5 <= leaning <= share


def test_a_follow_up_is_about_what_the_question_before_it_is_about(world: World) -> None:
    traffic = plan(world, requests=600, sessions={"questions": 3.0, "follow_ups": 1.0})
    subjects = {
        question.id: question.subject
        for question in (
            *build_questions(world, 7, per_family=10_000),
            *build_follow_ups(world, 7, per_family=None),
        )
    }
    for session in sessions(traffic):
        assert not session.requests[0].item.before
        for one, following in pairwise(session.requests):
            if following.item.before:
                assert subjects[following.item.id] == subjects[one.item.id]
        asked = [one.item.family.removeprefix(FOLLOW_UP) for one in session.requests]
        leaning = [bool(one.item.before) for one in session.requests]
        assert all(
            family not in asked[:place]
            for place, (family, leans) in enumerate(zip(asked, leaning, strict=True))
            if leans
        )


def test_only_the_follow_ups_that_are_named_are_asked_where_families_are_named(
    world: World,
) -> None:
    families = {"invoice_total": 1, "follow_up_due_date": 1}
    wanted = {"questions": 3.0, "follow_ups": 1.0}
    traffic = plan(world, requests=300, questions={"families": families}, sessions=wanted)
    asked = {one.item.family for each in sessions(traffic) for one in each.requests}
    assert asked == set(families)
    with pytest.raises(ScenarioError, match=r"traffic\.questions leaves nothing to ask"):
        plan(world, requests=3, questions={"families": {"follow_up_due_date": 1}})


def test_a_conversation_keeps_to_its_subject_when_other_things_are_asked(world: World) -> None:
    traffic = plan(world, requests=400, sessions={"questions": 3.0, "follow_ups": 1.0})
    usual = sessions(traffic)
    shifted = traffic.under(parse_plan(["traffic_shift"]), usual)
    subjects = {
        question.id: question.subject
        for question in (
            *build_questions(world, 7, per_family=10_000),
            *build_follow_ups(world, 7, per_family=None),
        )
    }
    assert [_described(session) for session in shifted] != [_described(s) for s in usual]
    for session in shifted:
        for one, following in pairwise(session.requests):
            if following.item.before:
                assert subjects[following.item.id] == subjects[one.item.id]


def test_only_questions_with_certain_right_answers_are_asked_where_words_are_given(
    world: World,
) -> None:
    asked = {"families": {"invoice_total": 1, "open_amount": 1}, "answers": ["eur"]}
    items = [
        request.item
        for s in sessions(plan(world, requests=30, questions=asked))
        for request in s.requests
    ]
    assert items
    assert all("EUR" in item.expected for item in items)
    with pytest.raises(ScenarioError, match="other families, wordings, answers or history"):
        plan(world, questions={"answers": ["nothing has this answer"]})


def test_only_vendors_of_whom_something_else_has_a_certain_answer_are_asked_about() -> None:
    company = generate(WorldSettings(7, 12, 120))
    vendors = {invoice.id: invoice.vendor_id for invoice in company.invoices}
    unapproved = {h.invoice_id for h in company.holds if h.kind is HoldKind.MISSING_APPROVAL}
    known = {vendors[invoice] for invoice in unapproved}
    asked = {"families": {"delay_reason": 1}, "history": ["approval"], "facts": 1000}
    subjects = {
        request.item.id.split("-w")[0].removeprefix("delay_reason-")
        for s in sessions(plan(company, requests=200, questions=asked))
        for request in s.requests
    }
    assert {vendors[subject] for subject in subjects} <= known
    assert subjects - unapproved
    # An invoice has no history of its own: it takes another one of the vendor.
    for subject in subjects & unapproved:
        assert any(vendors[other] == vendors[subject] for other in unapproved - {subject})


def test_a_history_that_no_vendor_has_leaves_nothing_to_ask(world: World) -> None:
    with pytest.raises(ScenarioError, match="answers or history"):
        plan(world, questions={"history": ["nothing has this answer"]})
