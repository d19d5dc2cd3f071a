"""Does tasks in worker processes, each of which takes the next one when it is done."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from typing import TypeVar

from services.lab.runs.building import be_a_worker
from services.lab.runs.errors import WorkerLost

T = TypeVar("T")
R = TypeVar("R")


def in_processes(
    work: Callable[[T], R], tasks: Sequence[T], workers: int, advice: str
) -> Iterator[R]:
    """Yield results as they come; ``work`` and the tasks must be picklable.

    With one worker the tasks are done in this process, one after the other.

    After a Ctrl-C those under way are completed before ``KeyboardInterrupt``
    goes on. Raises ``WorkerLost`` with ``advice`` when a worker dies.
    """
    if workers <= 1:
        yield from map(work, tasks)
        return
    pool = ProcessPoolExecutor(
        workers,
        mp_context=multiprocessing.get_context("spawn"),
        initializer=be_a_worker,
        initargs=(os.getpid(),),
    )
    waiting = iter(tasks)
    running: set[Future[R]] = set()
    try:
        for _, task in zip(range(workers), waiting, strict=False):
            running.add(pool.submit(work, task))
        while running:
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                yield future.result()
                following = next(waiting, None)
                if following is not None:
                    running.add(pool.submit(work, following))
    except BrokenProcessPool as error:
        raise WorkerLost(
            "a worker process died, perhaps because memory ran out; what is done is kept. " + advice
        ) from error
    finally:
        pool.shutdown(wait=True, cancel_futures=True)
