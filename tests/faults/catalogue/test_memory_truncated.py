from collections.abc import Sequence

import pytest

from agents.memory import SessionMemory
from agents.ports import Memory, Turn
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault


def questions(turns: Sequence[Turn]) -> list[str]:
    return [turn.question for turn in turns]


def remembering(turns: int, severity: float = 1.0) -> Memory:
    active = [ActiveFault("memory_truncated", severity)]
    memory: Memory = degrade_part(Seam.MEMORY, SessionMemory(), active)
    for number in range(turns):
        memory.remember("a", Turn(str(number), "", ()))
    return memory


@pytest.mark.parametrize(("turns", "left"), [(0, []), (1, []), (3, []), (5, ["0", "1"])])
def test_the_last_turns_are_not_there_and_the_first_are(turns: int, left: list[str]) -> None:
    assert questions(remembering(turns).recall("a", Luck(1))) == left


def test_its_share_of_requests_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        memory = remembering(1, severity)
        return {seed for seed in range(400) if not memory.recall("a", Luck(seed))}

    assert 90 < len(hit(0.3)) < 150
    assert hit(0.3) < hit(0.6)
