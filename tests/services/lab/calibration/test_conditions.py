import pytest

from services.lab.calibration.conditions import all_conditions, find_condition
from services.lab.calibration.errors import BadPublished
from services.lab.calibration.library import Library, kind_of
from services.lab.calibration.trial import PromptWriter, Trial
from services.llm.prompt import understand
from services.llm.wire import ChatCompletionRequest
from tests.services.lab.calibration.fakes import GOLD, asked, library


@pytest.fixture(scope="module")
def shelf() -> Library:
    return library()


def _trial(shelf: Library, name: str) -> Trial:
    trial = find_condition(name).build(shelf, asked())
    assert trial is not None
    return trial


@pytest.mark.parametrize("place", [0, 4, 9, 14, 19])
def test_the_gold_passage_stands_where_it_is_put(shelf: Library, place: int) -> None:
    passages = _trial(shelf, f"gold_at_{place}").passages
    assert len(passages) == 20
    assert passages.index(GOLD) == place


def test_all_positions_show_the_same_other_passages(shelf: Library) -> None:
    shown = {
        frozenset(chunk.id for chunk in _trial(shelf, f"gold_at_{place}").passages)
        for place in (0, 9, 19)
    }
    assert len(shown) == 1


def test_every_trial_carries_its_condition(shelf: Library) -> None:
    for name, condition in all_conditions().items():
        trial = condition.build(shelf, asked())
        assert trial is None or trial.condition == name


@pytest.mark.parametrize(("percent", "similar"), [(0, 0), (10, 10), (50, 50)])
def test_distractors_are_similar_to_the_asked_share(
    shelf: Library, percent: int, similar: int
) -> None:
    passages = _trial(shelf, f"hard_{percent}").passages
    assert len(passages) == 101
    kinds = [kind_of(chunk) for chunk in passages if chunk is not GOLD]
    assert kinds.count("invoice") == similar


def test_without_sufficient_context_the_gold_document_is_missing(shelf: Library) -> None:
    trial = _trial(shelf, "insufficient")
    assert trial.passages
    assert GOLD.doc_id not in {chunk.doc_id for chunk in trial.passages}
    assert not trial.answerable


def test_a_closed_book_shows_nothing(shelf: Library) -> None:
    assert _trial(shelf, "closed_book").passages == ()


def test_the_first_k_passages_are_the_nearest_before_any_reranking(shelf: Library) -> None:
    assert len(_trial(shelf, "k_1").passages) == 1
    assert GOLD not in _trial(shelf, "k_2").passages
    assert _trial(shelf, "k_3").passages[2] is GOLD


def test_a_question_may_stand_before_or_after_its_passages(shelf: Library) -> None:
    writer = PromptWriter()
    for name, first in (("filing_question_first", True), ("filing_question_last", False)):
        body = writer.body(_trial(shelf, name), "sim-careful", seed=1)
        prompt = understand(ChatCompletionRequest.model_validate(body))
        assert prompt.question_first is first
        assert prompt.question == asked().question.text
        assert prompt.abstain_phrase


def test_an_unknown_condition_is_refused() -> None:
    with pytest.raises(BadPublished, match="gold_only"):
        find_condition("gold_nowhere")
