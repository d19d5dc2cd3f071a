from __future__ import annotations

import os
from pathlib import Path

import pytest

from corpus.errors import (
    EmptyFileError,
    MalformedFileError,
    MissingFileError,
    UnreadableFileError,
    UnsupportedFileError,
)
from corpus.ingest import ingest
from corpus.readers import markdown_of_lines


def write(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def pdf(*lines: str) -> bytes:
    """Return a one-page PDF that shows the lines from top to bottom."""
    shown = "".join(f"1 0 0 1 50 {750 - 24 * i} Tm ({line}) Tj " for i, line in enumerate(lines))
    stream = f"BT /F1 12 Tf {shown}ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R"
        b"/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Courier>>",
    ]
    body, offsets = b"%PDF-1.4\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(body))
        body += b"%d 0 obj%s endobj\n" % (number, content)
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    return body + (
        b"xref\n0 %d\n0000000000 65535 f \n%strailer<</Root 1 0 R/Size %d>>\nstartxref\n%d\n%%%%EOF"
        % (len(objects) + 1, table, len(objects) + 1, len(body))
    )


def test_front_matter_becomes_title_id_and_metadata(tmp_path: Path) -> None:
    path = write(tmp_path, "a.md", "---\nid: A1\ntitle: Fees\ndate: 2026-01-02\n---\n# x\n\nText\n")

    (document,) = ingest(path).documents

    assert (document.id, document.title, document.metadata["date"]) == ("A1", "Fees", "2026-01-02")
    assert document.text.startswith("# x")


def test_without_front_matter_the_first_heading_is_the_title(tmp_path: Path) -> None:
    (document,) = ingest(write(tmp_path, "some_notes.md", "# Parking\n\nText")).documents

    assert (document.id, document.title) == ("some_notes.md", "Parking")


def test_html_keeps_headings_tables_and_paragraphs_and_drops_scripts(tmp_path: Path) -> None:
    page = (
        "<title>T</title><script>evil()</script><nav>menu</nav><h1>Fees</h1><p>All <b>fees</b></p>"
        "<table><tr><th>Zone</th><th>Fee</th></tr><tr><td>P1</td><td>4</td></tr></table>"
        "<ul><li>one</li></ul>"
    )

    (document,) = ingest(write(tmp_path, "p.html", page)).documents

    assert document.text == (
        "# Fees\n\nAll fees\n\n| Zone | Fee |\n| --- | --- |\n| P1 | 4 |\n\n- one\n"
    )


def test_a_pdf_gives_its_text(tmp_path: Path) -> None:
    (document,) = ingest(write(tmp_path, "p.pdf", pdf("The barrier closes at 22:00."))).documents

    assert "The barrier closes at 22:00." in document.text


def test_columns_that_line_up_become_a_table() -> None:
    text = markdown_of_lines(["Intro of it.", "", "Zone   Fee", "P1     4 EUR", "", "End of it."])

    assert text == "Intro of it.\n\n| Zone | Fee |\n| --- | --- |\n| P1 | 4 EUR |\n\nEnd of it."


def test_a_numbered_line_becomes_a_heading() -> None:
    assert "## 2.1 Late payment" in markdown_of_lines(["2.1 Late payment", "It costs money."])


def test_a_folder_is_walked_and_a_bad_file_is_reported_and_skipped(tmp_path: Path) -> None:
    write(tmp_path, "sub/good.txt", "good text")
    write(tmp_path, ".hidden/x.txt", "hidden")
    write(tmp_path, "bad.pdf", "no pdf")
    write(tmp_path, "sheet.xlsx", "x")

    found = ingest(tmp_path)

    assert [document.id for document in found.documents] == ["sub/good.txt"]
    assert [type(error) for error in found.skipped] == [MalformedFileError, UnsupportedFileError]
    assert "bad.pdf" in str(found.skipped[0])


def test_two_files_with_one_id_are_told_apart(tmp_path: Path) -> None:
    write(tmp_path, "a.md", "---\nid: X\n---\nfirst")
    write(tmp_path, "b.md", "---\nid: X\n---\nsecond")

    found = ingest(tmp_path)

    assert len(found.documents) == 1
    assert "b.md has the same id as a.md" in str(found.skipped[0])


@pytest.mark.parametrize(
    ("name", "content", "error"),
    [
        ("empty.txt", b"", EmptyFileError),
        ("blank.md", b" \n\n--\n", EmptyFileError),
        ("scan.pdf", pdf(""), EmptyFileError),
        ("bad.pdf", b"%PDF-1.4 and then nothing", MalformedFileError),
        ("cut.pdf", pdf("text")[:150], MalformedFileError),
        ("front.md", b"---\na: [\n---\ntext", MalformedFileError),
        ("binary.txt", bytes(range(256)) * 8, UnsupportedFileError),
        ("table.xlsx", b"x", UnsupportedFileError),
    ],
)
def test_a_single_bad_file_fails_and_is_named(
    tmp_path: Path, name: str, content: bytes, error: type[Exception]
) -> None:
    path = write(tmp_path, name, content)

    with pytest.raises(error, match=name):
        ingest(path)


def test_a_missing_path_is_named(tmp_path: Path) -> None:
    with pytest.raises(MissingFileError, match="nowhere"):
        ingest(tmp_path / "nowhere")


def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = write(tmp_path, "secret.txt", "text")
    path.chmod(0)
    if os.access(path, os.R_OK):  # the superuser reads everything; a broken link nobody does
        path.unlink()
        path.symlink_to(tmp_path / "gone.txt")
        with pytest.raises(MissingFileError, match="secret"):
            ingest(path)
        write(tmp_path, "good.txt", "good")
        assert [type(error) for error in ingest(tmp_path).skipped] == [UnreadableFileError]
        return
    with pytest.raises(UnreadableFileError, match="secret"):
        ingest(path)


def test_a_folder_without_any_document_fails(tmp_path: Path) -> None:
    write(tmp_path, "x.docx", "x")

    with pytest.raises(EmptyFileError, match=r"x\.docx"):
        ingest(tmp_path)


def test_old_windows_text_is_read(tmp_path: Path) -> None:
    (document,) = ingest(write(tmp_path, "w.txt", "Gebühr".encode("cp1252"))).documents

    assert "Gebühr" in document.text
