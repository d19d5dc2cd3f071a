import asyncio
import random

from observability.telemetry import SeededIds, Telemetry, trace_id_for
from observability.telemetry.identity import wanted_trace
from tests.observability.clocks import TickingClock


def _telemetry(run: str, service: str = "gateway") -> tuple[Telemetry, list[tuple[str, ...]]]:
    seen: list[tuple[str, ...]] = []
    telemetry = Telemetry(
        service,
        TickingClock(),
        sinks=[lambda s: seen.append((s.name, s.trace_id, s.span_id, s.parent_id or ""))],
        ids=SeededIds(run, service),
    )
    return telemetry, seen


async def _request(telemetry: Telemetry, run: str, number: int, jitter: random.Random) -> None:
    wanted_trace.set(str(number))
    with telemetry.span("root"):

        async def agent(name: str) -> None:
            with telemetry.span(name):
                for _ in range(jitter.randrange(4)):
                    await asyncio.sleep(0)
                for _ in range(2):
                    with telemetry.span("chat"):
                        await asyncio.sleep(0)

        await asyncio.gather(agent("retriever"), agent("finance"))


async def _run(order: list[int], seed: int) -> set[tuple[str, ...]]:
    telemetry, seen = _telemetry("run-1")
    jitter = random.Random(seed)
    await asyncio.gather(
        *(asyncio.create_task(_request(telemetry, "run-1", n, jitter)) for n in order)
    )
    assert len(set(seen)) == len(seen) == 7 * len(order)
    return set(seen)


async def test_ids_do_not_depend_on_order_or_interleaving() -> None:
    assert await _run([1, 2, 3, 4], 1) == await _run([4, 2, 1, 3], 2)


async def test_ids_of_a_request_do_not_depend_on_the_other_requests() -> None:
    assert await _run([2], 1) < await _run([1, 2, 3], 2)


def test_two_runs_have_different_traces() -> None:
    assert trace_id_for("healthy", 1) != trace_id_for("other", 1)
    assert len(trace_id_for("healthy", 1)) == 32


def test_services_do_not_collide_under_one_parent() -> None:
    gateway, _ = _telemetry("run", "gateway")
    erp, _ = _telemetry("run", "erp")
    with gateway.span("root"), gateway.span("GET /x") as first:
        pass
    with gateway.span("root"), erp.span("GET /x") as second:
        pass
    assert first.span_id != second.span_id


def test_a_trace_that_nobody_has_chosen_an_id_for_is_repeatable_too() -> None:
    def roots() -> list[str]:
        telemetry, _ = _telemetry("run")
        ids = []
        for _ in range(3):
            with telemetry.span("root") as span:
                ids.append(span.trace_id)
        return ids

    assert roots() == roots()
    assert len(set(roots())) == 3


def test_a_request_that_comes_again_is_another_trace() -> None:
    telemetry, seen = _telemetry("run")
    wanted_trace.set("42")
    for _ in range(2):
        with telemetry.span("root"):
            pass
    wanted_trace.set(None)
    first, second = (trace for _, trace, _, _ in seen)
    assert first == trace_id_for("run", 42)
    assert second != first


def test_what_is_remembered_of_siblings_is_bounded() -> None:
    ids = SeededIds("run", "gateway", bound=10)
    telemetry = Telemetry("gateway", TickingClock(), ids=ids)
    for number in range(50):
        with telemetry.span(f"s{number}"):
            pass
    assert ids.remembered <= 10
