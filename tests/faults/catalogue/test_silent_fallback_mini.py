import pytest

from agents.errors import ModelError
from tests.faults.chatting import TOOL, NotingModel, degraded, request


async def test_the_small_model_is_asked_the_same_instead() -> None:
    model = NotingModel()
    reply = await degraded("silent_fallback_mini", model).chat(request(tools=(TOOL,)))
    assert reply.model == "sim-mini"
    (asked,) = model.asked
    assert (asked.tools, asked.seed, asked.max_tokens) == (
        (TOOL,),
        request().seed,
        request().max_tokens,
    )


async def test_the_client_goes_by_the_same_name_and_provider() -> None:
    part = degraded("silent_fallback_mini", NotingModel())
    assert (part.name, part.provider) == ("sim-careful", "stillgreen")


async def test_what_the_small_model_cannot_do_is_asked_of_the_first_one() -> None:
    model = NotingModel(failing=frozenset({"sim-mini"}))
    reply = await degraded("silent_fallback_mini", model).chat(request())
    assert reply.model == "sim-careful"
    assert len(model.asked) == 2


async def test_a_failure_of_both_is_an_error() -> None:
    model = NotingModel(failing=frozenset({"sim-mini", "sim-careful"}))
    with pytest.raises(ModelError):
        await degraded("silent_fallback_mini", model).chat(request())


async def test_all_calls_of_a_question_are_hit_or_none() -> None:
    part = degraded("silent_fallback_mini", NotingModel(), 0.5)
    for seed in range(20):
        replies = [await part.chat(request(seed)), await part.chat(request(seed, schema={}))]
        assert len({reply.model for reply in replies}) == 1


async def test_a_share_of_questions_is_hit_and_grows_without_swapping() -> None:
    async def hit(severity: float) -> set[int]:
        part = degraded("silent_fallback_mini", NotingModel(), severity)
        return {n for n in range(400) if (await part.chat(request(n))).model == "sim-mini"}

    some, more = await hit(0.3), await hit(0.6)
    assert 85 < len(some) < 155
    assert some < more


def test_at_severity_0_the_client_is_the_very_same() -> None:
    model = NotingModel()
    assert degraded("silent_fallback_mini", model, 0.0) is model
