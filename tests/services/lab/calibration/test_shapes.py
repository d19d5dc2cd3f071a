from services.lab.calibration.curves import GPT4, GPT4O, KINDS, LLAMA33, Answers
from services.lab.calibration.running import Answer
from services.lab.calibration.shapes import shapes
from services.lab.calibration.trial import Result
from tests.services.lab.calibration.fakes import answer


def _answers(preset: str, condition: str, right: int, of: int = 200) -> list[Answer]:
    return [
        answer(Result.CORRECT if n < right else Result.WRONG, str(n), preset, condition)
        for n in range(of)
    ]


def _present(answers: list[Answer], claim: str, preset: str) -> bool:
    every = [*answers, *_filler(answers)]
    found = [s for s in shapes(Answers(every)) if claim in s.claim and preset in s.preset]
    assert len(found) == 1
    return found[0].is_present


def _filler(answers: list[Answer]) -> list[Answer]:
    """Flat answers for whatever else the shapes look at."""
    from services.lab.calibration.experiment import _plan  # noqa: PLC0415
    from services.llm.profiles import shipped  # noqa: PLC0415

    known = {(a.preset, a.condition) for a in answers}
    return [
        each
        for condition, preset in _plan(shipped())
        if (preset, condition) not in known
        for each in _answers(preset, condition, 20, 40)
    ]


def _curve(preset: str, kind: str, values: list[int]) -> list[Answer]:
    return [
        each
        for condition, right in zip(KINDS[kind], values, strict=True)
        for each in _answers(preset, condition, right)
    ]


def test_a_falling_length_curve_is_seen() -> None:
    assert _present(_curve(GPT4O, "length", [195, 190, 180, 160, 140, 110]), "falls", GPT4O)


def test_a_flat_length_curve_is_none() -> None:
    assert not _present(_curve(GPT4O, "length", [180] * 6), "falls", GPT4O)


def test_early_saturation_needs_most_of_the_loss_at_the_start() -> None:
    assert _present(_curve(GPT4, "distractors", [170, 130, 122, 118, 115]), "first tenth", GPT4)
    assert not _present(_curve(GPT4, "distractors", [170, 165, 150, 130, 90]), "first tenth", GPT4)


def test_five_passages_have_to_beat_both_ends() -> None:
    inside = [100, 140, 150, 160, 160, 150, 130, 110]
    claim = "better than one"
    assert _present(_curve(LLAMA33, "passages", inside), claim, LLAMA33)
    assert not _present(_curve(LLAMA33, "passages", sorted(inside)), claim, LLAMA33)
