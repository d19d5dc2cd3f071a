import threading

from faults.current import CurrentPlan
from faults.plan import HEALTHY, FaultPlan, parse_plan
from services.lab.switching import Progress, Switch

TINY, BURIED = parse_plan(["chunks_tiny"]), parse_plan(["misroute"])


class Builder:
    """Builds when it is allowed to, and remembers for what."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.built: list[FaultPlan] = []
        self.may_go = threading.Event()
        self._failure = failure

    def __call__(self, plan: FaultPlan, tell: Progress) -> None:
        assert self.may_go.wait(5)
        self.built.append(plan)
        if self._failure is not None:
            raise self._failure


def switch(builder: Builder) -> tuple[Switch, list[FaultPlan]]:
    prepared: list[FaultPlan] = []
    return Switch(CurrentPlan(), prepared.append, builder), prepared


async def test_a_plan_without_an_index_of_its_own_is_in_force_at_once() -> None:
    switched, prepared = switch(Builder())
    assert switched.to(BURIED)
    assert switched.current.plan == BURIED
    assert prepared == [BURIED]


async def test_the_old_plan_holds_until_the_new_index_is_whole() -> None:
    builder = Builder()
    switched, prepared = switch(builder)
    assert not switched.to(TINY)
    assert switched.current.plan == HEALTHY
    assert switched.pending is not None
    builder.may_go.set()
    await switched.settled()
    assert switched.current.plan == TINY
    assert (builder.built, prepared, switched.pending) == ([TINY], [TINY], None)


async def test_the_last_plan_asked_for_wins() -> None:
    builder = Builder()
    switched, _ = switch(builder)
    switched.to(TINY)
    switched.to(HEALTHY)
    builder.may_go.set()
    switched.to(BURIED)
    await switched.settled()
    assert switched.current.plan == BURIED
    assert switched.pending is None


async def test_a_plan_that_cannot_be_built_for_changes_nothing_and_is_told() -> None:
    builder = Builder(OSError("no space left"))
    switched, prepared = switch(builder)
    builder.may_go.set()
    switched.to(TINY)
    await switched.settled()
    assert switched.current.plan == HEALTHY
    assert prepared == []
    assert switched.failure == "no space left"
