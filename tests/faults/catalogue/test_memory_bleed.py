from agents.memory import SessionMemory
from agents.ports import Turn
from corpus.luck import Luck
from faults.apply import degrade_part
from faults.fault import Seam
from faults.plan import ActiveFault
from tests.faults.catalogue.test_memory_truncated import questions


def bleeding(healthy: SessionMemory, severity: float = 1.0) -> SessionMemory:
    return degrade_part(Seam.MEMORY, healthy, [ActiveFault("memory_bleed", severity)])


def test_a_session_recalls_what_another_one_said_last() -> None:
    memory = bleeding(SessionMemory())
    memory.remember("a", Turn("of a", "", ()))
    memory.remember("b", Turn("of b", "", ()))
    assert questions(memory.recall("a", Luck(1))) == ["of a", "of b"]


def test_whoever_is_alone_recalls_what_is_their_own() -> None:
    memory = bleeding(SessionMemory())
    memory.remember("a", Turn("of a", "", ()))
    assert questions(memory.recall("a", Luck(1))) == ["of a"]


def test_what_a_session_said_is_kept_for_it_in_the_store() -> None:
    healthy = SessionMemory()
    memory = bleeding(healthy)
    memory.remember("a", Turn("of a", "", ()))
    memory.remember("b", Turn("of b", "", ()))
    assert questions(healthy.recall("a", Luck(1))) == ["of a"]


def test_nothing_is_left_of_other_sessions_once_all_are_forgotten() -> None:
    memory = bleeding(SessionMemory())
    memory.remember("a", Turn("of a", "", ()))
    memory.forget()
    assert memory.recall("b", Luck(1)) == ()


def test_its_share_of_requests_grows_without_swapping() -> None:
    def hit(severity: float) -> set[int]:
        memory = bleeding(SessionMemory(), severity)
        memory.remember("a", Turn("of a", "", ()))
        return {seed for seed in range(400) if memory.recall("b", Luck(seed))}

    assert 90 < len(hit(0.3)) < 150
    assert hit(0.3) < hit(0.6)


def test_it_goes_together_with_forgetting_the_last_turns() -> None:
    active = [ActiveFault("memory_bleed"), ActiveFault("memory_truncated")]
    memory = degrade_part(Seam.MEMORY, SessionMemory(), active)
    for number in range(5):
        memory.remember(str(number), Turn(f"of {number}", "", ()))
    assert questions(memory.recall("4", Luck(1))) == ["of 0", "of 1"]
