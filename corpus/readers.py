"""Reads one file of each type as Markdown, keeping headings, tables and paragraphs."""

from __future__ import annotations

import logging
import re
from pathlib import Path
from typing import TYPE_CHECKING

from corpus.errors import MalformedFileError, UnreadableFileError, UnsupportedFileError

if TYPE_CHECKING:
    from bs4 import Tag

_BOMS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"\xef\xbb\xbf": "utf-8-sig"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")
_UNSEEN = ("script", "style", "nav", "template", "noscript", "svg", "form", "iframe", "button")
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_BLOCKS = (*_HEADINGS, "p", "li", "table", "pre", "dt", "dd", "blockquote", "figcaption")
_GAP = re.compile(r" {2,}|\t+")
_NUMBERED = re.compile(r"^(?:(?:section|chapter|article)\s+)?\d+(?:\.\d+)*\.?\s+[A-Z]", re.I)


def read_text(path: Path) -> str:
    """Return a text file, or raise ``UnsupportedFileError`` if it is binary."""
    return _decoded(path, path.read_bytes())


def read_html(path: Path) -> str:
    """Return an HTML page as Markdown; menus and scripts are left out."""
    from bs4 import BeautifulSoup  # noqa: PLC0415 - only own documents need it

    soup = BeautifulSoup(_decoded(path, path.read_bytes()), "html.parser")
    if soup.find() is None:
        raise MalformedFileError(f"{path} holds no HTML: save it as text or check its content")
    for unseen in soup(_UNSEEN):
        unseen.decompose()
    lines: list[str] = []
    if soup.title and soup.title.string and not soup.find("h1"):
        lines.append(f"# {_squeezed(soup.title.string)}")
    root = soup.body or soup
    blocks = [tag for tag in root.find_all(_BLOCKS) if not tag.find_parent(_BLOCKS)]
    for tag in blocks:
        lines.extend(_block(tag))
    # A page without any block element still has its words.
    return "\n\n".join(lines) if blocks else root.get_text("\n", strip=True)


def read_pdf(path: Path) -> str:
    """Return a PDF's text layer as Markdown; columns that line up become table rows.

    Raises ``MalformedFileError`` if it is no PDF and ``UnreadableFileError``
    if it is encrypted.
    """
    from pypdf import PdfReader  # noqa: PLC0415 - only own documents need it
    from pypdf.errors import PyPdfError  # noqa: PLC0415

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # what matters is raised
    try:
        reader = PdfReader(path)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFileError(f"{path} is encrypted: save it without a password")
        pages = [page.extract_text(extraction_mode="layout") for page in reader.pages]
    except OSError:
        raise
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError) as error:
        # pypdf lets what a broken file provokes inside of it through as it comes.
        raise MalformedFileError(
            f"{path} is not a PDF that can be read ({error}): save it again, or as text"
        ) from error
    return markdown_of_lines([line for page in pages for line in (*page.split("\n"), "")])


def markdown_of_lines(lines: list[str]) -> str:
    """Return laid-out lines as Markdown paragraphs, headings and tables."""
    blocks: list[list[str]] = [[]]
    for line in lines:
        if line.strip():
            blocks[-1].append(line.strip())
        elif blocks[-1]:
            blocks.append([])
    return "\n\n".join(part for block in blocks if block for part in _laid_out(block))


def _laid_out(block: list[str]) -> list[str]:
    """Return the parts of a block without blank lines: tables, headings, running text."""
    parts: list[str] = []
    prose: list[str] = []
    rows: list[list[str]] = []

    def close() -> None:
        if len(rows) > 1:
            parts.append(_table(rows))
        elif rows:
            prose.append(" ".join(rows[0]))
        if prose and not len(rows) > 1:
            parts.append("\n".join(prose))
            prose.clear()
        rows.clear()

    for line in block:
        cells = _GAP.split(line)
        if len(cells) > 1 and (not rows or len(rows[0]) == len(cells)):
            if not rows and prose:
                parts.append("\n".join(prose))
                prose.clear()
            rows.append(cells)
            continue
        if rows:
            close()
        if _is_heading(line, alone=len(block) == 1):
            if prose:
                parts.append("\n".join(prose))
                prose.clear()
            parts.append(f"## {line}")
            continue
        prose.append(line)
    close()
    return parts


def _is_heading(line: str, alone: bool) -> bool:
    if len(line) > 80 or line.endswith((".", ",", ";", ":")) or not line[:1].isalnum():
        return False
    if _NUMBERED.match(line):
        return True
    return alone and len(line.split()) <= 10 and line[:1].isupper() and ":" not in line


def _block(tag: Tag) -> list[str]:
    text = _squeezed(tag.get_text(" "))
    if tag.name == "table":
        rows = [
            [_squeezed(cell.get_text(" ")) for cell in row.find_all(("th", "td"))]
            for row in tag.find_all("tr")
        ]
        rows = [row for row in rows if row]
        return [_table(rows)] if rows else []
    if not text:
        return []
    if tag.name in _HEADINGS:
        return [f"{'#' * int(tag.name[1])} {text}"]
    if tag.name == "li":
        return [f"- {text}"]
    if tag.name == "pre":
        return [f"```\n{tag.get_text().strip()}\n```"]
    return [text]


def _table(rows: list[list[str]]) -> str:
    width = max(len(row) for row in rows)
    padded = [[cell.replace("|", "/") for cell in row] + [""] * (width - len(row)) for row in rows]
    lines = ["| " + " | ".join(row) + " |" for row in padded]
    return "\n".join([lines[0], "| " + " | ".join(["---"] * width) + " |", *lines[1:]])


def _squeezed(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def _decoded(path: Path, data: bytes) -> str:
    encoding = next((name for bom, name in _BOMS.items() if data.startswith(bom)), None)
    try:
        text = data.decode(encoding or "utf-8")
    except UnicodeDecodeError:
        # Old office programs write Windows-1252, in which nearly every byte is a character.
        text = data.decode("cp1252", errors="replace")
    strange = len(_CONTROL.findall(text)) + text.count("�")
    if strange > len(text) // 200:
        raise UnsupportedFileError(f"{path} is binary and not text: convert it first")
    return _CONTROL.sub("", text)
