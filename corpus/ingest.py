"""Turns a person's own files into documents: .md, .txt, .html and .pdf."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from corpus.errors import (
    EmptyFileError,
    IngestError,
    MalformedFileError,
    MissingFileError,
    UnreadableFileError,
    UnsupportedFileError,
)
from corpus.ports import Document
from corpus.readers import read_html, read_pdf, read_text

MAX_BYTES = 50_000_000

_READERS: dict[str, Callable[[Path], str]] = {
    ".md": read_text,
    ".markdown": read_text,
    ".txt": read_text,
    ".html": read_html,
    ".htm": read_html,
    ".pdf": read_pdf,
}
_FRONT_MATTER = re.compile(r"\A---[ \t]*\n(.*?)\n(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOP_HEADING = re.compile(r"^#[ \t]+(.+?)[ \t]*#*[ \t]*$", re.MULTILINE)
_LETTER = re.compile(r"[^\W_]")

Scalar = str | int | float | bool


@dataclass(frozen=True, slots=True)
class Ingested:
    """The documents of a path, and an error for each file of a folder that gave none."""

    documents: Sequence[Document]
    skipped: Sequence[IngestError]


def ingest(path: Path) -> Ingested:
    """Read a file, or every file below a folder in the order of their names.

    In a folder a file that cannot be read is skipped and reported; hidden
    files are passed over. Raises an ``IngestError`` if the path does not
    exist, a single file cannot be read, or a folder gives no document at all.
    """
    if not path.exists():
        raise MissingFileError(f"{path} does not exist: check the path")
    if not path.is_dir():
        return Ingested([read_document(path, path.name)], [])
    documents: dict[str, Document] = {}
    skipped: list[IngestError] = []
    for file in _files_below(path):
        try:
            document = read_document(file, file.relative_to(path).as_posix())
        except IngestError as error:
            skipped.append(error)
            continue
        if document.id in documents:
            other = documents[document.id].metadata["file"]
            skipped.append(
                MalformedFileError(f"{file} has the same id as {other}: give it another id")
            )
            continue
        documents[document.id] = document
    if not documents:
        kinds = ", ".join(sorted(_READERS))
        reasons = "".join(f"\n  {error}" for error in skipped[:10])
        raise EmptyFileError(f"{path} holds no file that can be read ({kinds}){reasons}")
    return Ingested(list(documents.values()), skipped)


def read_document(path: Path, name: str) -> Document:
    """Return one file as a document; ``name`` is its id unless its front matter has one.

    Front matter (YAML between two lines of three hyphens) may give ``id``,
    ``title`` and any metadata. Raises an ``IngestError`` that names the file.
    """
    reader = _READERS.get(path.suffix.lower())
    if reader is None:
        kinds = ", ".join(sorted(_READERS))
        raise UnsupportedFileError(f"{path} is of a type that is not read: use one of {kinds}")
    try:
        if path.stat().st_size > MAX_BYTES:
            raise UnsupportedFileError(f"{path} is larger than {MAX_BYTES // 10**6} MB: split it")
        text = reader(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise UnreadableFileError(
            f"{path} cannot be read ({reason}): check its permissions"
        ) from error
    matter, body = _front_matter(path, text.replace("\r\n", "\n").replace("\r", "\n"))
    if not _LETTER.search(body):
        raise EmptyFileError(f"{path} holds no text (a scanned document needs text recognition)")
    heading = _TOP_HEADING.search(body)
    fallback = heading.group(1) if heading else Path(name).stem.replace("_", " ").replace("-", " ")
    title = str(matter.pop("title", "") or fallback)
    identity = str(matter.pop("id", "") or name)
    matter.setdefault("doc_type", "document")
    return Document(identity, title, body.strip() + "\n", {**matter, "file": name})


def _files_below(folder: Path) -> list[Path]:
    try:
        return sorted(
            file
            for file in folder.rglob("*")
            if not any(part.startswith(".") for part in file.relative_to(folder).parts)
            and (file.is_file() or file.is_symlink())
        )
    except OSError as error:
        raise UnreadableFileError(f"{folder} cannot be read ({error.strerror})") from error


def _front_matter(path: Path, text: str) -> tuple[dict[str, Scalar], str]:
    found = _FRONT_MATTER.match(text)
    if found is None:
        return {}, text
    try:
        values = yaml.safe_load(found.group(1)) or {}
    except yaml.YAMLError as error:
        raise MalformedFileError(f"{path} has front matter that is not YAML: {error}") from error
    if not isinstance(values, dict):
        # Two rules with text between them, and no front matter after all.
        return {}, text
    return {str(key): _scalar(value) for key, value in values.items() if value is not None}, text[
        found.end() :
    ]


def _scalar(value: object) -> Scalar:
    if isinstance(value, str | int | float | bool):
        return value
    if isinstance(value, dt.date):
        return value.isoformat()
    if isinstance(value, list):
        return ", ".join(str(item) for item in value)
    return str(value)
