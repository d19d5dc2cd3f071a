"""The shard: a block of sessions in, a block of Parquet out, nothing shared but what is on disk."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from math import ceil
from pathlib import Path

from corpus.luck import Luck
from faults.plan import HEALTHY, FaultPlan
from observability.recording.run_folder import RunFolder
from services.lab.measure import request_seed
from services.lab.mix import in_application, other_traffic
from services.lab.runs.ledger import ArmDone, block_truth, is_hit
from services.lab.runs.passes import Answered, Pass
from services.lab.runs.scenario import Scenario
from services.lab.runs.traffic import Session, TrafficPlan
from services.lab.runs.worker import Worker, worker_for
from services.settings import Settings

BLOCK_SESSIONS = 40
"""Sessions in a block; a part of what a recording's bytes follow from."""

TWINS = 0
"""The way of the healthy run that all arms share; arms are ways 1, 2 and so on."""

OTHER_LUCK = -1
"""The way of the healthy run with other luck, of which only the answers are kept."""


@dataclass(frozen=True, slots=True)
class BlockTask:
    """What a shard is told: where to write, what to run, and which block of it."""

    folder: Path
    settings: Settings
    scenario: Scenario
    number: int
    size: int = BLOCK_SESSIONS


@dataclass(frozen=True, slots=True)
class BlockDone:
    """What a shard reports: how much it recorded, what it ran, and how long that took."""

    number: int
    requests: int
    asked: int
    spans: int
    seconds: float


def block_count(sessions: int, size: int = BLOCK_SESSIONS) -> int:
    """Return how many blocks there are."""
    return ceil(sessions / size)


def run_block(task: BlockTask) -> BlockDone:
    """Run one block in this process and write it into the run's folder.

    The first call in a process builds the system, the others find it there.
    What is written does not depend on which blocks a process ran before.
    """
    began = time.perf_counter()
    worker = worker_for(task.settings, task.scenario)
    numbers = sessions_of(worker.traffic, task.number, task.size)
    sessions = [worker.traffic.session(number) for number in numbers]
    arms = _ask(worker, task.scenario, sessions)
    passes = [arm.done for arm in arms]
    spans = [span for each in passes for one in each.answered.values() for span in one.spans]
    recorded = {span.trace_id for span in spans}
    healthy = {one.trace_id: one for arm in arms for one in arm.twins.values()}
    apart = [one for trace_id, one in healthy.items() if trace_id not in recorded]
    truth = block_truth(task.scenario, sessions, arms)
    RunFolder.open(task.folder).write_block(
        task.number,
        spans,
        [record for each in passes for record in each.metrics],
        [record for each in passes for record in each.logs],
        truth,
        [span for one in apart for span in one.spans],
    )
    asked = len(truth) + len(apart) + max(len(arm.lucky) for arm in arms)
    return BlockDone(task.number, len(truth), asked, len(spans), time.perf_counter() - began)


def sessions_of(traffic: TrafficPlan, number: int, size: int = BLOCK_SESSIONS) -> range:
    """Return the numbers of a block's sessions."""
    return range(number * size, min((number + 1) * size, traffic.sessions))


def _ask(worker: Worker, scenario: Scenario, sessions: Sequence[Session]) -> Sequence[ArmDone]:
    """Run every arm, and healthy once what any of them may have hit, some of it with other luck."""
    start_ns = sessions[0].requests[0].at_ns
    plans = list(scenario.plans().values())
    passes = [worker.ask(way, sessions, plan, start_ns) for way, plan in enumerate(plans, start=1)]
    # Arms whose people ask the same have the same twins: those who ask as usual come first.
    alike: dict[FaultPlan, list[tuple[FaultPlan, Pass]]] = {HEALTHY: []}
    for plan, done in zip(plans, passes, strict=True):
        alike.setdefault(other_traffic(plan), []).append((plan, done))
    twins: dict[FaultPlan, Mapping[int, Answered]] = {}
    lucky: Mapping[int, Answered] = {}
    for place, (asking, arms) in enumerate(alike.items()):
        hit = {n for _, done in arms for n, one in done.answered.items() if is_hit(one)}
        # A request that nothing hit, nor anything before it in its session, is its own twin.
        wanted = [s for s in sessions if any(asked.number in hit for asked in s.requests)]
        healthy = next(
            (done.answered for plan, done in arms if not in_application(plan.everything())), None
        )
        if healthy is None:
            way = len(plans) + place if place else TWINS
            healthy = worker.ask(way, wanted, asking, start_ns).answered if wanted else {}
        twins[asking] = healthy
        if asking == HEALTHY:
            again = with_other_luck(scenario, wanted)
            lucky = worker.ask(OTHER_LUCK, again, HEALTHY, start_ns).answered if again else {}
    return [
        ArmDone(done, twins[asking], lucky if asking == HEALTHY else {})
        for done, asking in zip(passes, map(other_traffic, plans), strict=True)
    ]


def with_other_luck(scenario: Scenario, sessions: Sequence[Session]) -> Sequence[Session]:
    """Return the scenario's share of some sessions, with the same questions and other luck."""
    luck = Luck(scenario.seed).child("second luck")
    return [
        replace(
            session,
            requests=tuple(
                replace(asked, seed=request_seed(luck.seed, asked.number))
                for asked in session.requests
            ),
        )
        for session in sessions
        if luck.uniform("session", session.number) < scenario.second_luck
    ]
