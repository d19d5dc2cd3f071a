import pytest

from faults.errors import Contradiction, MissingPart
from faults.plan import parse_plan
from services.lab.placing import check_placed
from services.settings import Settings

HERE = Settings()
MODELS_ELSEWHERE = Settings(llm_base_url="http://127.0.0.1:9/v1")
RETRIEVAL_ELSEWHERE = Settings(retrieval_url="http://127.0.0.1:9")


def test_everything_fits_where_all_parts_are_here() -> None:
    for fault in ("overconfident", "filter_dropped", "ann_recall_low", "traffic_shift"):
        check_placed(parse_plan([fault]), HERE)


@pytest.mark.parametrize(
    ("fault", "settings", "variable"),
    [
        ("overconfident", MODELS_ELSEWHERE, "STILLGREEN_LLM_BASE_URL"),
        ("llm_rate_limited", MODELS_ELSEWHERE, "STILLGREEN_LLM_BASE_URL"),
        ("chunks_tiny", RETRIEVAL_ELSEWHERE, "STILLGREEN_RETRIEVAL_URL"),
        ("ann_recall_low", RETRIEVAL_ELSEWHERE, "STILLGREEN_RETRIEVAL_URL"),
        ("rerank_inverted=0.1", RETRIEVAL_ELSEWHERE, "STILLGREEN_RETRIEVAL_URL"),
    ],
)
def test_a_fault_of_a_part_elsewhere_is_refused_with_the_setting(
    fault: str, settings: Settings, variable: str
) -> None:
    with pytest.raises(MissingPart, match=f"unset {variable}"):
        check_placed(parse_plan([fault]), settings)


@pytest.mark.parametrize(
    ("fault", "settings"),
    [
        ("answer_cut_off", MODELS_ELSEWHERE),
        ("rerank_inverted", MODELS_ELSEWHERE),
        ("top_k_large", RETRIEVAL_ELSEWHERE),
        ("placebo", RETRIEVAL_ELSEWHERE),
        ("overconfident=0", MODELS_ELSEWHERE),
        ("tool_empty_ok", Settings(erp_url="http://127.0.0.1:9")),
        ("ann_recall_low", Settings(chroma_url="http://127.0.0.1:9")),
    ],
)
def test_a_fault_of_a_part_that_is_here_fits_whatever_else_is_elsewhere(
    fault: str, settings: Settings
) -> None:
    check_placed(parse_plan([fault]), settings)


def test_a_fault_of_the_traffic_needs_somebody_who_makes_it() -> None:
    with pytest.raises(MissingPart, match="changes what people ask"):
        check_placed(parse_plan(["traffic_shift"]), HERE, asks=False)


def test_contradictions_are_refused_too() -> None:
    with pytest.raises(Contradiction):
        check_placed(parse_plan(["filter_dropped", "filter_wrong"]), HERE)
