"""A file of a mapping may extend another, and its mistakes are told."""

from pathlib import Path

import pytest

from observability.signals.errors import BadMapping
from observability.signals.mapping import load_mapping, parse_mapping
from tests.observability.signals.mapping.other_spans import HEAD, span


def test_a_mapping_that_extends_another_speaks_first(tmp_path: Path) -> None:
    path = tmp_path / "mine.yml"
    path.write_text(
        HEAD + "extends: openinference\n"
        "spans: [{when: {name: special}, name: stillgreen.memory}]\n"
        "attributes: {gen_ai.request.model: mine}",
        encoding="utf-8",
    )
    mapping = load_mapping(path)
    llm = {"openinference.span.kind": "LLM", "llm.model_name": "theirs"}
    first, second, third = mapping.apply(
        [
            span({**llm, "mine": "ours"}, number=1, name="special"),
            span(llm, number=2),
            span({**llm, "mine": "ours"}, number=3),
        ]
    )
    assert first.name == "stillgreen.memory"
    assert second.name == "chat theirs"
    assert third.name == "chat ours"
    assert mapping.digest != load_mapping("openinference").digest


def test_mappings_that_extend_one_another_in_a_circle_are_refused(tmp_path: Path) -> None:
    for one, other in (("a", "b"), ("b", "a")):
        (tmp_path / f"{one}.yml").write_text(HEAD + f"extends: {other}.yml", encoding="utf-8")
    with pytest.raises(BadMapping, match="circle"):
        load_mapping(tmp_path / "a.yml")


def test_all_mistakes_are_told_at_once_with_line_field_and_remedy() -> None:
    text = """describes: x
sourse: http
spans:
  - when: {}
    operation: chatt
  - when: {nam: x}
    attributes: {gen_ai.usage.inputtokens: x}
attributes:
  gen_ai.usage.input_tokens: {from: x, tkae: sum}
  gen_ai.usage.output_tokens: 5
  gen_ai.tool.name: {from: x, constant: 1}
"""
    with pytest.raises(BadMapping) as raised:
        parse_mapping(text, Path("mine.yml"))
    told = str(raised.value).splitlines()
    for expected in (
        "mine.yml:1: source is missing; add it",
        "mine.yml:2: sourse is not a field here; did you mean source?",
        "mine.yml:5: spans[0].operation should be 'invoke_workflow'",
        "mine.yml:6: spans[1].when.nam is not a field here; did you mean name?",
        "mine.yml:7: spans[1].attributes.gen_ai.usage.inputtokens is no attribute of ours",
        "mine.yml:9: attributes.gen_ai.usage.input_tokens[0].tkae is not a field here",
        "mine.yml:10: attributes.gen_ai.usage.output_tokens is to be an attribute's name",
        "mine.yml:11: attributes.gen_ai.tool.name[0] needs either `from`",
    ):
        assert any(line.startswith(expected) for line in told), (expected, told)


@pytest.mark.parametrize("text", ["[", "5", "a: 1\na: 2", "describes: [\n"])
def test_what_is_no_mapping_at_all_is_refused(text: str) -> None:
    with pytest.raises(BadMapping, match=r"mine\.yml"):
        parse_mapping(text, Path("mine.yml"))


def test_a_name_that_no_mapping_has_names_those_there_are() -> None:
    with pytest.raises(BadMapping, match="gen_ai_legacy, openinference, openllmetry"):
        load_mapping("openinferense")
    with pytest.raises(BadMapping, match="cannot be read"):
        load_mapping("nowhere.yml")
