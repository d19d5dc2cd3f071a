"""Builds what runs and plans need on disk, in a process that takes its memory along."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Sequence
from itertools import islice
from multiprocessing.connection import Connection

from faults.current import MOST_PREPARED
from faults.plan import ActiveFault, FaultPlan
from services.foundation import IndexProgress
from services.lab.runs.errors import WorkerLost
from services.lab.runs.scenario import Arm, FaultUse, Scenario
from services.lab.runs.worker import close_worker, worker_for
from services.settings import Settings

_LOOK_SECONDS = 2.0


def build_for(settings: Settings, plan: FaultPlan, on_index: IndexProgress | None = None) -> None:
    """Build every index that a plan's faults call for, whatever the settings' other services.

    Raises as ``prepare_in_a_process`` does.
    """
    prepare_in_a_process(settings, needing(plan), on_index)


def needing(plan: FaultPlan) -> Scenario:
    """Return a scenario that needs what a plan needs, whatever the plan's times.

    It has an arm for each set of faults that a request may run under, since two
    faults for a share of the requests have an index each and one for both.
    """
    sets = islice(plan.sets(), MOST_PREPARED)
    return Scenario(arms={f"set-{number}": _arm(active) for number, active in enumerate(sets)})


def _arm(active: Sequence[ActiveFault]) -> Arm:
    return Arm(
        faults=tuple(
            FaultUse(
                id=each.id,
                severity=each.severity,
                documents=each.documents,
                vendors=each.vendors,
            )
            for each in active
        )
    )


def prepare_in_a_process(
    settings: Settings, scenario: Scenario, on_index: IndexProgress | None
) -> None:
    """Build what a scenario needs on disk in a process of its own, which takes its memory along.

    Raises what building raises, and ``WorkerLost`` when the process dies.
    """
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_prepare, args=(settings, scenario, theirs), daemon=True)
    process.start()
    theirs.close()
    try:
        while (news := ours.recv()) is not None:
            if isinstance(news, BaseException):
                raise news
            if on_index is not None:
                on_index(*news)
    except EOFError:
        raise WorkerLost(
            "the process that prepares a run died, perhaps because memory ran out"
        ) from None
    finally:
        ours.close()
        process.join()


def _prepare(settings: Settings, scenario: Scenario, told: Connection) -> None:
    be_a_worker(os.getppid())
    try:
        worker_for(settings, scenario, lambda done, total: told.send((done, total)))
        close_worker()
        told.send(None)
    except Exception as error:
        told.send(error)


def be_a_worker(parent: int) -> None:
    """Leave Ctrl-C to the parent, and end when the parent is gone, however it went."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(_LOOK_SECONDS)
        os._exit(1)

    threading.Thread(target=watch, daemon=True).start()
