from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from corpus.chunking import SectionChunker
from corpus.ports import Chunk, Document


def count(text: str) -> int:
    return len(re.findall(r"\w+|[^\w\s]", text))


def cut(text: str, title: str = "Doc", **options: int) -> list[Chunk]:
    return SectionChunker(count, **options).chunk(Document("d", title, text, {"k": "v"}))


def test_a_chunk_opens_with_title_and_section() -> None:
    text = "# Doc\n\n" + "".join(f"## Part {i}\n\n{'word ' * 60}\n\n" for i in range(3))

    chunks = cut(text, short_document=0)

    assert [chunk.text.split("\n")[0] for chunk in chunks] == [f"Doc > Part {i}" for i in range(3)]
    assert [chunk.section for chunk in chunks] == ["Part 0", "Part 1", "Part 2"]


def test_a_subsection_is_named_with_the_section_above_it() -> None:
    chunks = cut(f"# Doc\n\n## Pay\n\n{'a ' * 99}\n\n### Late\n\n{'b ' * 99}\n", short_document=0)

    assert chunks[1].section == "Pay > Late"


def test_a_short_document_stays_in_one_piece() -> None:
    chunks = cut("# Doc\n\nIntro.\n\n## A\n\nOne.\n\n## B\n\nTwo.\n")

    assert len(chunks) == 1
    assert "## B\n\nTwo." in chunks[0].text


def test_a_long_table_is_cut_between_rows_and_repeats_its_header() -> None:
    rows = "\n".join(f"| item {i} | {i} EUR |" for i in range(60))
    chunks = cut(f"# Doc\n\n## Prices\n\n| Item | Price |\n|---|---|\n{rows}\n", budget=120)

    assert len(chunks) > 2
    for chunk in chunks:
        assert "| Item | Price |\n|---|---|" in chunk.text
        assert all(line.endswith("|") for line in chunk.text.split("\n")[1:])


def test_lines_of_key_and_value_stay_together_where_they_fit() -> None:
    filler = "Some words of running text that fill the room up. " * 8
    pairs = "\n".join(f"Key {i}: value {i}" for i in range(12))

    chunks = cut(f"# Doc\n\n{filler}\n\n{pairs}\n", budget=120)

    assert any(pairs in chunk.text for chunk in chunks)


def test_a_paragraph_that_is_too_long_is_cut_between_sentences() -> None:
    text = " ".join(f"Sentence number {i} has seven words here." for i in range(40))

    chunks = cut(text, budget=60)

    assert all(chunk.text.rstrip().endswith(".") for chunk in chunks)


def test_metadata_and_offsets_lead_back_to_the_document() -> None:
    text = "# Doc\n\n" + "".join(f"## S{i}\n\nText {i} is here.\n\n" for i in range(30))

    for chunk in cut(text, short_document=0, join_tokens=20):
        assert chunk.metadata == {"k": "v"}
        assert text[chunk.start : chunk.end].strip() in chunk.text


def test_a_document_without_text_gives_no_chunk() -> None:
    assert cut("") == []
    assert cut("# Doc\n\n## Nothing below\n") == []


def test_a_heading_inside_a_code_fence_opens_no_section() -> None:
    chunks = cut("# Doc\n\nBefore.\n\n```\n# not a heading\n```\n\nAfter.\n")

    assert [chunk.section for chunk in chunks] == [""]


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="ab .\n#|-:1", max_size=400))
def test_no_word_is_lost_and_no_chunk_is_over_the_budget(text: str) -> None:
    chunks = SectionChunker(count, budget=40).chunk(Document("d", "T", text))

    assert all(count(chunk.text) <= 40 + 4 for chunk in chunks)
    shown = " ".join(chunk.text for chunk in chunks)
    for line in text.split("\n"):
        if not line.startswith("#"):
            for word in re.findall(r"[ab1]{1,12}", line):
                assert word in shown
