from statistics import mean

from agents.answer import Answer, AskRequest, Listener
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.services.fakes import answer


class Clock:
    def __init__(self) -> None:
        self.waits: list[float] = []

    def now_ns(self) -> int:
        return 0

    async def sleep(self, seconds: float) -> None:
        self.waits.append(seconds)


class Asker:
    def __init__(self) -> None:
        self.clock = Clock()

    async def ask(self, request: AskRequest, listener: Listener | None = None) -> Answer:
        return answer(request)


def request(seed: int) -> AskRequest:
    return AskRequest("What is it?", f"req-{seed}", Luck(seed))


async def waits(severity: float) -> list[float]:
    asker = Asker()
    slow = degrade_part(Seam.ASKER, asker, [ActiveFault("gateway_slow", severity)])
    for seed in range(500):
        assert await slow.ask(request(seed)) == answer(request(seed))
    return asker.clock.waits


async def test_questions_wait_eight_seconds_in_the_mean_and_are_answered_as_ever() -> None:
    found = await waits(1.0)
    assert 7 < mean(found) < 9
    assert len(found) == 500


async def test_severity_scales_every_wait() -> None:
    some, more = await waits(0.3), await waits(0.6)
    assert all(abs(2 * a - b) < 1e-9 for a, b in zip(some, more, strict=True))


def test_at_severity_0_the_asker_is_the_very_same() -> None:
    asker = Asker()
    assert degrade_part(Seam.ASKER, asker, [ActiveFault("gateway_slow", 0.0)]) is asker
