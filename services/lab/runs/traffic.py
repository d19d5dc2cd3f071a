"""Traffic: who asks what and when, as a pure function of a scenario and its seed."""

from __future__ import annotations

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from corpus.ledger import World
from corpus.luck import Luck
from corpus.questions import Question
from faults.plan import FaultPlan
from services.lab.items import item_of
from services.lab.measure import request_seed
from services.lab.mix import other_traffic, shifted_weights
from services.lab.outcome import Item
from services.lab.runs.errors import ScenarioError
from services.lab.runs.fields import SECOND_NS
from services.lab.runs.question_pool import QuestionPool
from services.lab.runs.scenario import Scenario, Traffic

_HOUR = 3_600.0
_LONGEST_SESSION = 12


@dataclass(frozen=True, slots=True)
class Asked:
    """One request of the traffic: its number in the run, when it comes, and what is asked."""

    number: int
    at_ns: int
    seed: int
    item: Item


@dataclass(frozen=True, slots=True)
class Session:
    """What one person asks in one go; memory belongs to it."""

    number: int
    user: str
    requests: tuple[Asked, ...]


class TrafficPlan:
    """The traffic of a scenario; sessions are made when they are asked for.

    Sessions are numbered in the order in which they begin, requests in the
    order of sessions. Everything follows from the scenario and the world.
    """

    def __init__(self, scenario: Scenario, world: World) -> None:
        """Lay out times and sizes; raises ``ScenarioError`` if there is nobody to ask."""
        self._traffic = scenario.traffic
        self._seed = scenario.seed
        self._start_ns = scenario.start_ns
        self._luck = Luck(scenario.seed).child("traffic")
        self._rates = _Rates(scenario.traffic)
        self.requests = scenario.traffic.requests or round(self._rates.total)
        if self.requests < 1:
            raise ScenarioError(
                "the traffic's rates and duration make less than one request; raise one of them"
            )
        self._pool = QuestionPool(scenario, world)

    @property
    def sessions(self) -> int:
        """Return how many sessions there are."""
        return len(self._sizes)

    def session(self, number: int) -> Session:
        """Return one session by its number, counted from 0."""
        luck = self._luck.child("session", number)
        first = self._first[number]
        people = self._traffic.users
        user = f"u-{int(luck.uniform('user') * people):0{len(str(people - 1))}d}"
        at = self._begins[number]
        asked: list[Asked] = []
        questions: list[Question] = []
        for turn in range(self._sizes[number]):
            if turn:
                at += -math.log(luck.uniform("pause", turn)) * self._traffic.sessions.pause
            questions.append(self._pool.draw(luck.child("question", turn), questions))
            asked.append(
                Asked(
                    first + turn,
                    self._start_ns + round(at * SECOND_NS),
                    request_seed(self._seed, first + turn),
                    item_of(questions[-1]),
                )
            )
        return Session(number, user, tuple(asked))

    def under(self, plan: FaultPlan, sessions: Sequence[Session]) -> Sequence[Session]:
        """Return sessions as they ask under a plan, which may make them ask of other things."""
        shifts = other_traffic(plan)
        if not shifts.faults:
            return sessions
        return [self._shifted(session, shifts) for session in sessions]

    def _shifted(self, session: Session, shifts: FaultPlan) -> Session:
        luck = self._luck.child("session", session.number)
        requests: list[Asked] = []
        questions: list[Question] = []
        for turn, asked in enumerate(session.requests):
            own = Luck(asked.seed)
            weights = shifted_weights(self._pool.mix, shifts.active(own, asked.at_ns), own)
            questions.append(self._pool.draw(luck.child("question", turn), questions, weights))
            same = questions[-1].id == asked.item.id
            requests.append(asked if same else replace(asked, item=item_of(questions[-1])))
        return replace(session, requests=tuple(requests))

    def requests_in(self, sessions: range) -> int:
        """Return how many requests some consecutive sessions have."""
        return self._first[sessions.stop] - self._first[sessions.start]

    def texts(self) -> Sequence[str]:
        """Return every question that may be asked, sorted."""
        return self._pool.texts()

    @cached_property
    def _sizes(self) -> list[int]:
        # A further question with the same probability after each one, so that the mean is as asked.
        more = 1 - 1 / self._traffic.sessions.questions
        sizes: list[int] = []
        left = self.requests
        while left:
            luck = self._luck.child("size", len(sizes))
            size = 1
            while size < min(left, _LONGEST_SESSION) and luck.uniform(size) < more:
                size += 1
            sizes.append(size)
            left -= size
        return sizes

    @cached_property
    def _first(self) -> list[int]:
        return [0, *accumulate(self._sizes)]

    @cached_property
    def _begins(self) -> list[float]:
        """Return when each session begins, in seconds from the start: a Poisson process' times."""
        drawn = sorted(self._luck.uniform("begin", n) for n in range(len(self._sizes)))
        return [self._rates.when(share) for share in drawn]


class _Rates:
    """The rates as pieces of constant rate, and the time by which a share of all has come."""

    def __init__(self, traffic: Traffic) -> None:
        self._edges: list[float] = [0.0]
        self._rates: list[float] = []
        by_hour = traffic.requests_per_hour
        start = traffic.start
        into = start.minute * 60 + start.second
        hour, at = start.hour, 0.0
        while at < traffic.duration:
            until = min(traffic.duration, at + _HOUR - (into if at == 0 else 0))
            self._rates.append(_rate(by_hour, hour % 24))
            self._edges.append(until)
            hour, at = hour + 1, until
        pieces = zip(self._rates, self._edges, self._edges[1:], strict=False)
        self._sums = [0.0, *accumulate(rate * (b - a) / _HOUR for rate, a, b in pieces)]

    @property
    def total(self) -> float:
        """Return how many requests the rates make."""
        return self._sums[-1]

    def when(self, share: float) -> float:
        """Return the second by which a share of the traffic has come."""
        wanted = share * self.total
        piece = min(bisect_right(self._sums, wanted), len(self._rates)) - 1
        inside = (wanted - self._sums[piece]) * _HOUR / self._rates[piece]
        return min(self._edges[piece] + inside, self._edges[piece + 1])


def _rate(by_hour: float | dict[int, float], hour: int) -> float:
    if not isinstance(by_hour, dict):
        return by_hour
    named = sorted(by_hour)
    # Before the first hour named, the last one of the day before holds.
    before = [each for each in named if each <= hour] or named
    return by_hour[before[-1]]
